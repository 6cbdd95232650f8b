import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { packResource, unpackResource } from '../../functions/domain/hashing.ts';
import { hashTenant } from '../../functions/domain/keys.ts';
import { changeSchema, jobDetailSchema, resourceDetailSchema } from '../../functions/http/common/answers.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { type Deployment, inventoryOf, type ListedResource, startDeployment } from '../support/deployment.ts';
import { testKnobs } from '../support/knobs.ts';
import { nextQuery, pagesOf } from '../support/pages.ts';

/** The history of one account, sync by sync. */
let deployment: Deployment;
const id = 1;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment?.stop());

const changes = async (query = 'limit=100') =>
  (await pagesOf(deployment, `/${id}/changes?${query}`, z.array(changeSchema))).pages.flat();
const job = async (number: number) =>
  jobDetailSchema.parse((await deployment.call('GET', `/${id}/jobs/${number}`)).json);
const resource = async (key: string) =>
  resourceDetailSchema.parse((await deployment.call('GET', `/${id}/resources/${key}`)).json);
const vpcs = async () => await inventoryOf(deployment, id, 'type=vpc&limit=100');
const tenant = hashTenant(ISSUER, 'acme');

/** Sets attributes of an item. */
async function leave(pk: string, sk: string, attributes: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(attributes);
  await deployment.document().send(
    new UpdateCommand({
      TableName: deployment.twin.endpoints.table.name,
      Key: { pk, sk },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
    }),
  );
}

/** Makes the last sync have seen another status and another tag: the next one finds a change. */
async function hadBeen({ key, type }: ListedResource): Promise<void> {
  const [, region = '', hash = ''] = key.split('.');
  const pk = `T#${tenant}#P#${id}`;
  const row = (await deployment.items()).find(
    (item) => item.pk === `${pk}#R#${type}` && item.sk === `${region}#${hash}`,
  );
  const doc = z.instanceof(Uint8Array).parse(row?.doc);
  const before = { ...unpackResource(type, doc).resource, status: 'pending', tags: { team: 'before' } };
  await leave(`${pk}#R#${type}`, `${region}#${hash}`, { content: 'AAAAAAAAAAA', doc: packResource(before, []) });
  await leave(pk, `SCAN#${region}#${type}`, { digest: 'another' });
}

/** Syncs with the message of every task there twice. */
async function syncTwice(number: number): Promise<void> {
  const { url, urls } = deployment.twin.endpoints.queues;
  const sqs = new SQSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await deployment.twin.pause('collect-aws');
  await deployment.call('POST', `/${id}/sync`);
  await deployment.twin.idle();
  const about = { v: 1, tenant, provider: id, kind: 'inventory', job: number, cloud: 'aws', generation: 0, step: 0 };
  const { tasks } = z
    .object({ tasks: z.number() })
    .parse((await deployment.items()).find((item) => String(item.sk).startsWith('JOB#') && item.job === number));
  for (let task = 1; task <= tasks; task += 1) {
    await sqs.send(
      new SendMessageCommand({ QueueUrl: urls['tasks-aws'], MessageBody: JSON.stringify({ ...about, task }) }),
    );
  }
  deployment.twin.resume('collect-aws');
  await deployment.twin.idle();
  sqs.destroy();
}

test('the first sync is the baseline: it makes no changes, and neither does one of the same account', async () => {
  await deployment.connect();
  await deployment.twin.idle();
  await deployment.call('POST', `/${id}/sync`);
  await deployment.twin.idle();
  expect(await job(2)).toMatchObject({ status: 'succeeded' });
  const answer = await deployment.call('GET', `/${id}/changes`);
  expect([answer.status, answer.text]).toEqual([200, '[]']);
  const [vpc] = await vpcs();
  expect(await resource(vpc?.key ?? '')).toEqual(expect.objectContaining({ ...vpc, changes: [] }));
});

test('what appeared, changed and vanished is told once each, though every message came twice', async () => {
  const before = await vpcs();
  const changed = before.find((one) => one.region === 'us-east-1');
  if (changed === undefined) throw new Error('The sample account has no VPC in us-east-1.');
  await hadBeen(changed);
  deployment.aws.knobs({
    drop: [{ type: 'vpc', region: 'eu-west-1', index: 0 }],
    add: [{ type: 'ebs_volume', region: 'us-east-1', count: 2 }],
  });
  await syncTwice(3);
  const done = await job(3);
  expect(done.resources).toMatchObject({ created: 2, updated: 1, removed: 1 });
  const all = await changes();
  const gone = before.filter((one) => one.region === 'eu-west-1').find((one) => all.some(({ key }) => key === one.key));
  expect(all.map((one) => `${one.kind} ${one.type} ${one.region}`).sort()).toEqual([
    'changed vpc us-east-1',
    'created ebs_volume us-east-1',
    'created ebs_volume us-east-1',
    'vanished vpc eu-west-1',
  ]);
  expect(new Set(all.map((one) => `${one.job_id} ${one.at}`))).toEqual(new Set([`3 ${done.started_at}`]));
  expect(all.find((one) => one.kind === 'changed')).toMatchObject({
    key: changed.key,
    external_id: changed.external_id,
    name: changed.name,
    fields: expect.arrayContaining([
      { field: 'status', from: 'pending', to: 'active' },
      { field: 'tags.team', from: 'before' },
    ]),
  });
  expect(all.find((one) => one.kind === 'vanished')).toMatchObject({ key: gone?.key, fields: [] });
});

test('a resource has its history with it, also one that is gone', async () => {
  const all = await changes();
  const of = (kind: string) => all.find((one) => one.kind === kind);
  for (const kind of ['created', 'changed', 'vanished']) {
    const told = of(kind);
    const { at, job_id, fields } = told ?? { at: '', job_id: 0, fields: [] };
    const one = await resource(told?.key ?? '');
    expect(one).toMatchObject({ key: told?.key, external_id: told?.external_id });
    expect(one.changes).toEqual([{ at, job_id, kind, fields }]);
  }
  const [first, third] = [await job(1), await job(3)];
  expect(await resource(of('created')?.key ?? '')).toMatchObject({ first_seen_at: third.started_at, removed_at: null });
  expect(await resource(of('changed')?.key ?? '')).toMatchObject({
    status: 'active',
    first_seen_at: first.started_at,
    last_seen_at: third.started_at,
  });
  expect(await resource(of('vanished')?.key ?? '')).toMatchObject({
    status: 'deleted',
    first_seen_at: first.started_at,
    last_seen_at: (await job(2)).started_at,
    removed_at: third.started_at,
  });
});

test('the history is newest first, filtered by type and time, page by page', async () => {
  deployment.aws.knobs(testKnobs);
  await deployment.call('POST', `/${id}/sync`);
  await deployment.twin.idle();
  const all = await changes();
  expect(all.map((one) => one.job_id)).toEqual([4, 4, 4, 3, 3, 3, 3]);
  expect(
    all
      .filter((one) => one.job_id === 4)
      .map((one) => `${one.kind} ${one.type}`)
      .sort(),
  ).toEqual(['created vpc', 'vanished ebs_volume', 'vanished ebs_volume']);
  for (const limit of [1, 2, 3, 7]) {
    const { pages } = await pagesOf(deployment, `/${id}/changes?limit=${limit}`, z.array(changeSchema));
    expect(pages.flat()).toEqual(all);
    expect(pages).toHaveLength(Math.ceil(7 / limit));
  }
  expect(await changes('type=vpc&limit=1')).toEqual(all.filter((one) => one.type === 'vpc'));
  expect(await changes('type=no_such_type')).toEqual([]);
  const { started_at } = await job(4);
  expect(await changes(`since=${started_at}`)).toEqual(all.slice(0, 3));
  const elsewhere = new Date(Date.parse(started_at) + 2 * 3600_000).toISOString().replace('.000Z', '+02:00');
  expect(await changes(`since=${encodeURIComponent(elsewhere)}&limit=2`)).toEqual(all.slice(0, 3));
  expect(await changes('since=2999-01-01T00:00:00Z')).toEqual([]);
  const back = await resource(all.find((one) => one.kind === 'created' && one.type === 'vpc')?.key ?? '');
  expect(back.changes.map(({ kind, job_id }) => [kind, job_id])).toEqual([
    ['created', 4],
    ['vanished', 3],
  ]);
});

test('times, cursors and keys that are none are refused, and a forged cursor reads nothing but its own list', async () => {
  const first = await deployment.call('GET', `/${id}/changes?limit=1`);
  const cursor = new URLSearchParams(nextQuery(first)).get('cursor') ?? '';
  for (const since of ['yesterday', '2024-01-15', '2024-02-30T00:00:00Z', '2024-01-15T25:00:00Z', '1705312800', '']) {
    expect([since, (await deployment.call('GET', `/${id}/changes?since=${since}`)).status]).toEqual([since, 400]);
  }
  expect((await deployment.call('GET', `/${id}/changes?type=vpc&cursor=${cursor}`)).status).toBe(400);
  const forge = (at: readonly string[]): string => {
    const { of } = z.object({ of: z.string() }).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return Buffer.from(JSON.stringify({ at, of })).toString('base64url');
  };
  for (const at of [[], [''], ['x'], ['', '0'], ['x'.repeat(1100), '0'], ['x', '-1'], ['x', '1e9']]) {
    const answer = await deployment.call('GET', `/${id}/changes?cursor=${forge(at)}`);
    expect([at[0]?.slice(0, 5), answer.status]).toEqual([at[0]?.slice(0, 5), 400]);
  }
  expect((await deployment.call('GET', `/${id}/changes?cursor=${forge(['!', '0'])}`)).json).toEqual([]);

  const missing = await deployment.call('GET', '/99');
  const [vpc] = await vpcs();
  const key = vpc?.key ?? '';
  const other = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
  for (const bad of [
    'x',
    key.slice(1),
    key.slice(0, -1),
    other,
    `${key}.`,
    key.toUpperCase(),
    'a'.repeat(2000),
    '%00',
    key.replace('.', '%23'),
  ]) {
    const answer = await deployment.call('GET', `/${id}/resources/${bad}`);
    expect([bad.slice(0, 20), answer.status, answer.text]).toEqual([bad.slice(0, 20), 404, missing.text]);
  }
  const foreign = await deployment.call('GET', `/${id}/resources/${key}`, { claims: { tenant: 'stranger' } });
  expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
});
