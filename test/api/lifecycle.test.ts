import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { eventSchemas } from '../../functions/domain/events.ts';
import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import { type Deployment, found, generated, inventoryOf, mainBody, startDeployment } from '../support/deployment.ts';

/** The main job, through the HTTP front, the real queues and the real table, against the sample account. */
let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment?.stop());

describe('an account from connect to disconnect', () => {
  let id: number;

  test('connect answers the provider, syncing, and starts the first sync by itself', async () => {
    const answer = await deployment.call('POST', '/aws/connect', { body: mainBody });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ id: 1, name: 'Production AWS', type: 'aws', status: 'syncing' });
    expect(answer.json).toMatchObject({ last_synced_at: null, resource_count: 0, complete: false });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    id = 1;
    await deployment.twin.idle();
  });

  test('the inventory is what the account holds, each resource once', async () => {
    const inventory = await inventoryOf(deployment, id);
    expect(found(inventory)).toEqual(generated(deployment.aws, MAIN_ACCOUNT.accountId));
    expect(new Set(inventory.map((one) => one.key)).size).toBe(inventory.length);
    expect(deployment.aws.unknownCalls()).toEqual([]);
  });

  test('list and get show the provider synced, complete and counted', async () => {
    const total = generated(deployment.aws, MAIN_ACCOUNT.accountId).length;
    const shown = { id, name: 'Production AWS', type: 'aws', status: 'synced', resource_count: total, complete: true };
    const got = await deployment.call('GET', `/${id}`);
    expect(got.json).toMatchObject(shown);
    for (const path of ['', '/']) {
      const list = await deployment.call('GET', path);
      expect(list.json).toMatchObject([shown]);
      expect(list.headers.get('x-total-count')).toBe('1');
    }
    expect(got.text).not.toContain(mainBody.secretAccessKey);
    expect(got.text).not.toContain(mainBody.accessKeyId);
  });

  test('the job tells what was done', async () => {
    const { json } = await deployment.call('GET', `/${id}/jobs/1`);
    const total = generated(deployment.aws, MAIN_ACCOUNT.accountId).length;
    expect(json).toMatchObject({
      job_id: 1,
      kind: 'inventory',
      trigger: 'connect',
      status: 'succeeded',
      resources: { found: total, created: total, updated: 0, removed: 0 },
      error: null,
    });
    expect(json).toHaveProperty('cells.done', Reflect.get(Object(Reflect.get(Object(json), 'cells')), 'total'));
  });

  test('lists are paged in the order type, scope, key, and every page is linked to the next', async () => {
    const all = await inventoryOf(deployment, id);
    const small = await inventoryOf(deployment, id, 'limit=7');
    expect(small.map((one) => one.key)).toEqual(all.map((one) => one.key));
    expect(all.map((one) => one.type)).toEqual(all.map((one) => one.type).sort());
    const page = await deployment.call('GET', `/${id}/resources?type=vpc&limit=3`);
    expect(page.headers.get('x-total-count')).toBe(String(all.filter((one) => one.type === 'vpc').length));
  });

  test('filters by type, region, status and external id', async () => {
    const all = await inventoryOf(deployment, id);
    const ireland = await inventoryOf(deployment, id, 'region=eu-west-1&limit=100');
    expect(ireland.map((one) => one.key)).toEqual(all.filter((r) => r.region === 'eu-west-1').map((r) => r.key));
    const buckets = await inventoryOf(deployment, id, 'type=s3_bucket&limit=100');
    expect(buckets.map((one) => one.key)).toEqual(all.filter((r) => r.type === 's3_bucket').map((r) => r.key));
    const stopped = await inventoryOf(deployment, id, 'status=stopped&limit=100');
    expect(stopped.length).toBeGreaterThan(0);
    expect(new Set(stopped.map((one) => one.status))).toEqual(new Set(['stopped']));
    const one = all[Math.floor(all.length / 2)];
    const byId = await inventoryOf(deployment, id, `external_id=${encodeURIComponent(one?.external_id ?? '')}`);
    expect(byId).toEqual([one]);
    expect(await inventoryOf(deployment, id, 'status=deleted')).toEqual([]);
    expect(await inventoryOf(deployment, id, 'type=nothing_like_it')).toEqual([]);
  });

  test('a second sync of the unchanged account writes no resource and no ledger row', async () => {
    const before = (await deployment.items()).filter((item) => /#R#|^SCAN#/.test(`${item.pk}${item.sk}`));
    expect((await deployment.call('POST', `/${id}/sync`)).json).toEqual({ job_id: 2, status: 'running' });
    await deployment.twin.idle();
    expect(await deployment.call('GET', `/${id}/jobs/2`)).toMatchObject({
      json: { status: 'succeeded', trigger: 'manual', resources: { created: 0, updated: 0, removed: 0 } },
    });
    const after = (await deployment.items()).filter((item) => /#R#|^SCAN#/.test(`${item.pk}${item.sk}`));
    expect(after).toEqual(before);
  });

  test('what vanished is gone from the list and kept as deleted; what came is there', async () => {
    const all = await inventoryOf(deployment, id);
    deployment.aws.knobs({
      drop: [{ type: 'vpc', region: 'eu-west-1', index: 0 }],
      add: [{ type: 'ebs_volume', region: 'us-east-1', count: 2 }],
    });
    await deployment.call('POST', `/${id}/sync`, { body: '' });
    await deployment.twin.idle();
    expect(found(await inventoryOf(deployment, id))).toEqual(generated(deployment.aws, MAIN_ACCOUNT.accountId));
    const gone = await inventoryOf(deployment, id, 'status=deleted');
    expect(gone).toHaveLength(1);
    expect(gone[0]).toMatchObject({ type: 'vpc', region: 'eu-west-1', status: 'deleted' });
    expect(gone[0]?.removed_at).not.toBeNull();
    expect(gone[0]?.last_seen_at).not.toBeNull();
    expect(await deployment.call('GET', `/${id}/jobs/3`)).toMatchObject({
      json: { resources: { created: 2, updated: 0, removed: 1 } },
    });
    deployment.aws.knobs({ drop: [], add: [] });
    await deployment.call('POST', `/${id}/sync`);
    await deployment.twin.idle();
    const back = await inventoryOf(deployment, id);
    expect(back.map((one) => one.key)).toEqual(all.map((one) => one.key));
    const returned = back.find((one) => one.key === gone[0]?.key);
    expect(returned).toMatchObject({ removed_at: null, first_seen_at: gone[0]?.first_seen_at });
  });

  test('the same account cannot be connected twice, but another tenant may connect it and learns nothing', async () => {
    expect(await deployment.call('POST', '/aws/connect', { body: mainBody })).toMatchObject({
      status: 409,
      json: { code: 'ACCOUNT_ALREADY_CONNECTED' },
    });
    const other = { claims: { tenant: 'acme#P#1' } };
    expect(await deployment.connect({ ...other, body: mainBody })).toBe(1);
    await deployment.twin.idle();
    expect(await deployment.call('GET', '/', other)).toMatchObject({ json: [{ id: 1, name: 'Production AWS' }] });
    const foreign = { claims: { tenant: 'stranger' } };
    const missing = await deployment.call('GET', '/99');
    for (const [method, path] of [
      ['GET', `/${id}`],
      ['GET', `/${id}/jobs/1`],
      ['GET', `/${id}/resources`],
      ['POST', `/${id}/sync`],
      ['DELETE', `/${id}`],
    ] as const) {
      const answer = await deployment.call(method, path, foreign);
      expect([answer.status, answer.text]).toEqual([404, missing.text]);
    }
  });

  test('disconnect removes the secret at once, keeps the inventory, and the account can be connected again', async () => {
    const before = await inventoryOf(deployment, id);
    const answer = await deployment.call('DELETE', `/${id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await deployment.call('GET', `/${id}`)).status).toBe(404);
    expect((await deployment.call('GET', '/')).json).toEqual([]);
    expect((await deployment.call('DELETE', `/${id}`)).status).toBe(404);
    expect((await deployment.call('POST', `/${id}/sync`)).status).toBe(404);
    expect(await deployment.call('GET', `/${id}?include=disconnected`)).toMatchObject({
      status: 200,
      json: { id, status: 'synced', disconnected_at: expect.stringMatching(/^2\d{3}-.*Z$/) },
    });
    expect(await deployment.call('GET', '/?include=disconnected')).toMatchObject({ json: [{ id }] });
    expect(await inventoryOf(deployment, id)).toEqual(before);
    expect((await deployment.call('GET', `/${id}/jobs/1`)).status).toBe(200);
    const again = await deployment.connect();
    expect(again).toBeGreaterThan(id);
    await deployment.twin.idle();
    expect(found(await inventoryOf(deployment, again))).toEqual(generated(deployment.aws, MAIN_ACCOUNT.accountId));
  });

  test('others are told of each connect, sync and disconnect, once, by ids and counts only', async () => {
    const events = deployment.events().filter(({ detail }) => detail.tenant === 'acme');
    const names = events.map((one) => `${one['detail-type']} ${one.detail.provider_id}`);
    expect(names).toEqual([
      `ProviderConnected ${id}`,
      ...Array(4).fill(`SyncFinished ${id}`),
      `ProviderDisconnected ${id}`,
      `ProviderConnected ${id + 1}`,
      `SyncFinished ${id + 1}`,
    ]);
    for (const { source, detail, ...event } of events) {
      expect(source).toBe('infraaudit.providers');
      const schema =
        eventSchemas[z.enum(['ProviderConnected', 'SyncFinished', 'ProviderDisconnected']).parse(event['detail-type'])];
      expect(schema.strict().safeParse(detail).error).toBeUndefined();
    }
    expect(new Set(events.map(({ detail }) => detail.id)).size).toBe(events.length);
    const total = generated(deployment.aws, MAIN_ACCOUNT.accountId).length;
    expect(events[1]?.detail).toMatchObject({
      job_id: 1,
      trigger: 'connect',
      outcome: 'succeeded',
      resource_count: total,
    });
    expect(events[3]?.detail).toMatchObject({
      changes: { created: 2, updated: 0, removed: 1 },
      resource_count: total + 1,
    });
  });

  test('every changing call left one audit line, and no piece of the secret is anywhere', async () => {
    const lines = deployment.audit();
    const actions = lines.map((line) => `${line.action} ${line.result}`);
    for (const wanted of ['connect 201', 'connect 409', 'sync 202', 'sync 404', 'disconnect 204', 'disconnect 404']) {
      expect(actions).toContain(wanted);
    }
    expect(lines[0]).toMatchObject({ tenant: 'acme', actor: 'acme', role: 'admin', action: 'connect', provider: 1 });
    const secret = mainBody.secretAccessKey;
    const pieces = Array.from({ length: secret.length - 15 }, (_, n) => secret.slice(n, n + 16));
    const events = JSON.stringify(deployment.events());
    const items = JSON.stringify(await deployment.items());
    const everything = [deployment.logs(), JSON.stringify(lines), events, items].join('\n');
    expect(pieces.filter((piece) => everything.includes(piece))).toEqual([]);
    expect(everything).not.toContain(Buffer.from(secret).toString('base64').slice(4, 24));
  });
});
