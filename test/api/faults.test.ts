import { rmSync } from 'node:fs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { hashTenant } from '../../functions/domain/keys.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { CANARY, MAIN_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import {
  type Deployment,
  found,
  generated,
  inventoryOf,
  type RequestOptions,
  startDeployment,
} from '../support/deployment.ts';
import { testKnobs } from '../support/knobs.ts';

/** Syncs that meet denials, faults, crashes and races; each test is a tenant of its own on one stack. */
let deployment: Deployment;
let tests = 0;
beforeAll(async () => {
  deployment = await startDeployment({ costs: 'later' });
});
afterAll(async () => {
  await deployment?.stop();
  await deployment?.aws.close();
  rmSync(deployment.directory, { recursive: true, force: true });
});
beforeEach(() => {
  tests += 1;
  deployment.aws.knobs(testKnobs);
});

const claims = () => ({ tenant: `tenant ${tests}` });
const call = (method: string, path: string, options: RequestOptions = {}) =>
  deployment.call(method, path, { claims: claims(), ...options });
const connect = () => deployment.connect({ claims: claims() });
/** The items of this test's tenant. */
const items = async () => {
  const tenant = hashTenant(ISSUER, claims().tenant);
  return (await deployment.items()).filter((item) => String(item.pk).startsWith(`T#${tenant}`));
};
const sync = async (id: number): Promise<void> => {
  await call('POST', `/${id}/sync`);
  await deployment.twin.idle();
};
const scanRows = async () =>
  z
    .array(z.object({ sk: z.string(), cells: z.record(z.string(), z.record(z.string(), z.unknown())) }))
    .parse((await items()).filter((item) => String(item.sk).startsWith('SCAN#')));
const ours = async (id: number) => found(await inventoryOf(deployment, id, undefined, claims()));
const theirs = () => generated(deployment.aws, MAIN_ACCOUNT.accountId);

/** Lets the time pass after which dead workers have lost their leases: the clocks of this test do not run. */
async function expireLeases(): Promise<void> {
  const { name } = deployment.twin.endpoints.table;
  for (const item of await items()) {
    if (item.lease_until === undefined) continue;
    const change = {
      UpdateExpression: 'SET lease_until = :past',
      ExpressionAttributeValues: { ':past': '2020-01-01T00:00:00.000Z' },
    };
    await deployment
      .document()
      .send(new UpdateCommand({ TableName: name, Key: { pk: item.pk, sk: item.sk }, ...change }));
  }
}

test('a denied region deletes nothing, says which permission is missing, and the sync is partial, not green', async () => {
  const id = await connect();
  await deployment.twin.idle();
  const before = await ours(id);
  deployment.aws.knobs({ deny: [{ service: 'ec2', region: 'eu-west-1', operation: 'DescribeVpcs' }] });
  await sync(id);
  expect(await ours(id)).toEqual(before);
  expect(await call('GET', `/${id}`)).toMatchObject({
    json: { status: 'synced', complete: false, resource_count: before.length },
  });
  expect(await call('GET', `/${id}/jobs/2`)).toMatchObject({
    json: { status: 'partial', resources: { removed: 0 } },
  });
  const row = (await scanRows()).find((one) => one.sk === 'SCAN#eu-west-1#vpc');
  expect(row?.cells.vpc).toMatchObject({ outcome: 'denied', permission: 'ec2:DescribeVpcs', denied_by: 'identity' });
  expect(Number(row?.cells.vpc?.count)).toBeGreaterThan(0);

  deployment.aws.knobs({ deny: [] });
  const calls = deployment.aws.calls().length;
  await call('POST', `/${id}/sync`, { body: { scope: 'failed' } });
  await deployment.twin.idle();
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: true } });
  expect(deployment.aws.calls().length).toBeLessThanOrEqual(calls + 2);
});

test('everything denied is an error with what was known kept, and says so in every cell', async () => {
  const id = await connect();
  await deployment.twin.idle();
  const before = await ours(id);
  deployment.aws.knobs({ deny: [{ by: 'scp' }] });
  await sync(id);
  expect(await call('GET', `/${id}`)).toMatchObject({
    json: { status: 'error', resource_count: before.length },
  });
  expect(await ours(id)).toEqual(before);
  // The list of regions is denied too, so that those are tried that an account has by default.
  const enabled = ['global', ...testKnobs.regions];
  const rows = (await scanRows()).filter(({ sk }) => enabled.includes(sk.split('#')[1] ?? ''));
  const cells = rows.flatMap((row) => Object.values(row.cells));
  expect(new Set(cells.map((cell) => `${cell.outcome} ${cell.denied_by}`))).toEqual(new Set(['denied scp']));
});

test('an account that denies from the start is connected, in error, and counts nothing as zero', async () => {
  deployment.aws.knobs({ deny: [{ service: 's3' }] });
  const id = await connect();
  await deployment.twin.idle();
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: false } });
  const row = (await scanRows()).find((one) => one.sk === 'SCAN#global#s3_bucket');
  expect(row?.cells.s3_bucket).toMatchObject({ outcome: 'denied', permission: 's3:ListAllMyBuckets', count: 0 });
  expect(row?.cells.s3_bucket).not.toHaveProperty('stamped_at');
});

test('a page that is denied in mid-list leaves what the pages behind it held', async () => {
  deployment.aws.knobs({ add: [{ type: 'lambda_function', region: 'us-east-1', count: 120 }] });
  const id = await connect();
  await deployment.twin.idle();
  const before = await ours(id);
  expect(before.filter((line) => line.startsWith('lambda_function')).length).toBeGreaterThan(100);
  deployment.aws.knobs({ deny: [{ service: 'lambda', afterPage: 2 }] });
  await sync(id);
  expect(await ours(id)).toEqual(before);
});

test('a list that gives the same token for ever ends, and nothing is inferred from it', async () => {
  const id = await connect();
  await deployment.twin.idle();
  const before = await ours(id);
  deployment.aws.knobs({ loopToken: [{ service: 'iam' }] });
  await sync(id);
  expect(await ours(id)).toEqual(before);
  const row = (await scanRows()).find((one) => one.sk === 'SCAN#global#iam_authorization_details');
  expect(row?.cells.iam_role).toMatchObject({ outcome: 'failed', error: 'PAGINATION_LOOP' });
});

test('a denied list of regions is a row of the ledger, and the default regions are scanned', async () => {
  deployment.aws.knobs({ deny: [{ service: 'ec2', operation: 'DescribeRegions' }] });
  const id = await connect();
  await deployment.twin.idle();
  expect(await ours(id)).toEqual(theirs());
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: false } });
  expect(await call('GET', `/${id}/jobs/1`)).toMatchObject({ json: { status: 'partial' } });
  const row = (await scanRows()).find((one) => one.sk === 'SCAN#global#regions');
  expect(row?.cells.regions).toMatchObject({ outcome: 'denied', permission: 'ec2:DescribeRegions' });
});

test('messages that are none go to the dead letters at once, and their batch mates succeed', async () => {
  const { queues } = deployment.twin.endpoints;
  const id = await connect();
  await deployment.twin.idle();
  const { SQSClient, SendMessageCommand, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const sqs = new SQSClient({
    endpoint: queues.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const good = { v: 1, provider: id, kind: 'inventory', job: 1, tenant: 'a'.repeat(32) };
  const bodies = ['no json', '{}', '[]', JSON.stringify({ ...good, v: 2 }), JSON.stringify({ ...good, tenant: 'T#x' })];
  for (const body of bodies) {
    for (const queue of ['requests', 'tasks-aws', 'failed-tasks']) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls[queue], MessageBody: body }));
    }
  }
  await sync(id);
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced' } });
  const parked = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queues.urls['dead-letters'],
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  expect(Number(parked.Attributes?.ApproximateNumberOfMessages)).toBe(bodies.length * 3);
  sqs.destroy();
});

test('every message twice: one effect', async () => {
  const { queues } = deployment.twin.endpoints;
  const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
  const sqs = new SQSClient({
    endpoint: queues.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const id = await connect();
  await deployment.twin.idle();
  const before = (await items()).filter((item) => !String(item.sk).startsWith('TASK#'));
  const tenant = String(before.find((item) => String(item.sk).startsWith('PROVIDER#'))?.pk).slice(2);
  const about = { v: 1, tenant, provider: id, kind: 'inventory', job: 1 };
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls.requests, MessageBody: JSON.stringify(about) }));
  for (let task = 1; task <= 5; task += 1) {
    const body = JSON.stringify({ ...about, cloud: 'aws', task, generation: 0, step: 0 });
    await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls['tasks-aws'], MessageBody: body }));
  }
  const calls = deployment.aws.calls().length;
  await deployment.twin.idle();
  expect((await items()).filter((item) => !String(item.sk).startsWith('TASK#'))).toEqual(before);
  expect(deployment.aws.calls().length).toBe(calls);
  sqs.destroy();
});

test('disconnect in the middle of a sync stands, and no call with those credentials comes after it', async () => {
  // All lists are asked for at once; one that is throttled is tried again much later, which keeps the sync from its end.
  deployment.aws.knobs({ throttle: [{ service: 'dynamodb', operation: 'ListTables', region: 'eu-west-1', rate: 1 }] });
  deployment.aws.resetCalls();
  const id = await connect();
  await expect.poll(() => deployment.aws.calls().length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(20);
  expect((await call('DELETE', `/${id}`)).status).toBe(204);
  await deployment.twin.idle();
  expect(await call('GET', `/${id}/jobs/1`)).toMatchObject({ json: { status: 'cancelled' } });
  const rows = (await items()).length;
  const calls = deployment.aws.calls().length;
  await deployment.twin.tick();
  await deployment.twin.idle();
  expect((await items()).length).toBe(rows);
  expect(deployment.aws.calls().length).toBe(calls);
  expect((await call('GET', `/${id}`)).status).toBe(404);
});

test('a worker killed in mid-call: the message comes again, the sync ends, nothing is lost or doubled', async () => {
  deployment.aws.knobs({ latencyMs: 500 });
  deployment.aws.resetCalls();
  const id = await connect();
  await expect.poll(() => deployment.aws.calls().length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(30);
  expect(deployment.twin.kill('collect-aws')).toBeGreaterThan(0);
  await deployment.twin.pause('collect-aws');
  await expireLeases();
  // A restart makes the dead workers' messages visible, as the end of their visibility would.
  const { directory, aws } = deployment;
  await deployment.twin.stop();
  aws.knobs({ latencyMs: 0 });
  deployment = await startDeployment({ aws, twin: { directory }, costs: 'later' });
  await deployment.twin.idle();
  expect(await call('GET', `/${id}/jobs/1`)).toMatchObject({ json: { status: 'succeeded' } });
  expect(await ours(id)).toEqual(theirs());
});

test('a half-done connect is undone by the tick, and the account can be connected again', async () => {
  const id = await connect();
  await deployment.twin.idle();
  await call('DELETE', `/${id}`);
  const { name } = deployment.twin.endpoints.table;
  const row = (await items()).find((item) => String(item.sk).startsWith('PROVIDER#'));
  // A connect that died after it took the claim: its row is due, its claim is held, its secret was never made.
  const set = 'SET #s = :s, due_pk = :d, due_at = :t';
  await deployment.document().send(
    new UpdateCommand({
      TableName: name,
      Key: { pk: row?.pk, sk: row?.sk },
      UpdateExpression: set,
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':s': 'connecting', ':d': 'DUE#0', ':t': '2020-01-01T00:00:00.000Z' },
    }),
  );
  await deployment.document().send(
    new UpdateCommand({
      TableName: name,
      Key: { pk: row?.pk, sk: `ACCOUNT#aws#${MAIN_ACCOUNT.accountId}` },
      UpdateExpression: 'SET v = :v, provider = :p',
      ExpressionAttributeValues: { ':v': 1, ':p': id },
    }),
  );
  await deployment.twin.tick();
  const after = (await items()).find((item) => item.sk === row?.sk);
  expect(after).toMatchObject({ state: 'aborted' });
  expect(after).not.toHaveProperty('due_at');
  expect(await connect()).toBeGreaterThan(id);
  await deployment.twin.idle();
});

test('what is due is started by the tick, twice at once makes one job', async () => {
  const id = await connect();
  await deployment.twin.idle();
  const { name } = deployment.twin.endpoints.table;
  const row = (await items()).find((item) => String(item.sk).startsWith('PROVIDER#'));
  await deployment.document().send(
    new UpdateCommand({
      TableName: name,
      Key: { pk: row?.pk, sk: row?.sk },
      UpdateExpression: 'SET due_at = :t, due_inventory = :t',
      ExpressionAttributeValues: { ':t': '2020-01-01T00:00:00.000Z' },
    }),
  );
  await Promise.all([deployment.twin.tick(), deployment.twin.tick()]);
  await deployment.twin.idle();
  expect(await call('GET', `/${id}/jobs/2`)).toMatchObject({
    json: { trigger: 'schedule', status: 'succeeded' },
  });
  expect((await call('GET', `/${id}/jobs/3`)).status).toBe(404);
});

test('what clouds answer beside the inventory is not kept', async () => {
  const id = await connect();
  await deployment.twin.idle();
  const inventory = await call('GET', `/${id}/resources?limit=100`);
  expect(inventory.status).toBe(200);
  const { unpackResource } = await import('../../functions/domain/hashing.ts');
  const docs = (await items())
    .filter((item) => item.doc instanceof Uint8Array)
    .map((item) => (item.doc instanceof Uint8Array ? JSON.stringify(unpackResource('x', item.doc)) : ''));
  expect(docs.length).toBeGreaterThan(100);
  expect(docs.filter((doc) => doc.includes(CANARY))).toEqual([]);
});
