import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { hashTenant } from '../../functions/domain/keys.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import {
  type Deployment,
  found,
  generated,
  inventoryOf,
  type RequestOptions,
  startDeployment,
} from '../support/deployment.ts';
import { testKnobs } from '../support/knobs.ts';

/** How syncs and disconnects that stopped half-way come to their end; each test is a tenant of its own. */
let deployment: Deployment;
let sqs: SQSClient;
let tests = 0;
beforeAll(async () => {
  deployment = await startDeployment({ costs: 'later' });
  const { url } = deployment.twin.endpoints.queues;
  sqs = new SQSClient({ endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});
afterAll(async () => {
  sqs.destroy();
  await deployment?.stop();
});
beforeEach(() => {
  tests += 1;
  deployment.aws.knobs(testKnobs);
});

const claims = () => ({ tenant: `recovering ${tests}` });
const tenant = () => hashTenant(ISSUER, claims().tenant);
const call = (method: string, path: string, options: RequestOptions = {}) =>
  deployment.call(method, path, { claims: claims(), ...options });
const connect = () => deployment.connect({ claims: claims() });
const items = async () => (await deployment.items()).filter((item) => String(item.pk).startsWith(`T#${tenant()}`));
const row = async () => (await items()).find((item) => String(item.sk).startsWith('PROVIDER#'));
const cells = async () =>
  (await items())
    .filter((item) => String(item.sk).startsWith('SCAN#'))
    .flatMap((item) =>
      Object.values(z.object({ cells: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(item).cells),
    );
const parked = async (): Promise<number> => {
  const QueueUrl = deployment.twin.endpoints.queues.urls['dead-letters'];
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(answer.Attributes?.ApproximateNumberOfMessages);
};

/** Sets attributes of the provider's row, as a crash or the passing of time would leave them. */
async function leave(attributes: Record<string, unknown>): Promise<void> {
  const key = await row();
  const names = Object.keys(attributes);
  await deployment.document().send(
    new UpdateCommand({
      TableName: deployment.twin.endpoints.table.name,
      Key: { pk: key?.pk, sk: key?.sk },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
    }),
  );
}
const PAST = '2020-01-01T00:00:00.000Z';

/** A sync whose tasks are planned and that nobody collects. */
async function plannedOnly(): Promise<number> {
  await deployment.twin.pause('collect-aws');
  const id = await connect();
  await deployment.twin.idle();
  return id;
}

test('tasks that their queue gave up on fail their cells, are parked, and the job does not hang', async () => {
  const id = await plannedOnly();
  const before = await parked();
  const tasks = z
    .object({ tasks: z.number() })
    .parse((await items()).find((item) => String(item.sk).startsWith('JOB#'))).tasks;
  for (let task = 1; task <= tasks; task += 1) {
    const message = {
      v: 1,
      tenant: tenant(),
      provider: id,
      kind: 'inventory',
      job: 1,
      cloud: 'aws',
      task,
      generation: 0,
      step: 0,
    };
    const QueueUrl = deployment.twin.endpoints.queues.urls['failed-tasks'];
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  }
  await deployment.twin.idle();
  expect(await call('GET', `/${id}/jobs/1`)).toMatchObject({ json: { status: 'failed' } });
  expect(await call('GET', `/${id}`)).toMatchObject({
    json: { status: 'error', complete: false, last_synced_at: null },
  });
  const failed = (await cells()).filter((cell) => cell.error === 'TASK_FAILED');
  expect(failed.length).toBeGreaterThan(200);
  expect(await parked()).toBe(before + tasks);
  // The tasks' own messages come late: acknowledged, without a call to the cloud.
  const calls = deployment.aws.calls().length;
  deployment.twin.resume('collect-aws');
  await deployment.twin.idle();
  expect(deployment.aws.calls().length).toBe(calls);
  await call('POST', `/${id}/sync`);
  await deployment.twin.idle();
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: true } });
  expect(found(await inventoryOf(deployment, id, undefined, claims()))).toEqual(
    generated(deployment.aws, MAIN_ACCOUNT.accountId),
  );
});

test('a job that does not move is planned again three times and then failed, never left in syncing', async () => {
  const id = await plannedOnly();
  const plans = deployment.twin.invocations()['plan-sync']?.succeeded ?? 0;
  for (let look = 0; look < 5; look += 1) {
    expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'syncing' } });
    await leave({ due_at: PAST, due_inventory: PAST });
    await deployment.twin.tick();
    await deployment.twin.idle();
  }
  expect(await call('GET', `/${id}/jobs/1`)).toMatchObject({
    json: { status: 'failed', error: 'The job did not move and was given up.' },
  });
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'error' } });
  expect((deployment.twin.invocations()['plan-sync']?.succeeded ?? 0) - plans).toBe(3);
  // Old workers may live on: the next job's tasks wait for them.
  expect(Date.parse(String((await row())?.quiet_until_inventory))).toBeGreaterThan(Date.now());
  deployment.twin.resume('collect-aws');
  await deployment.twin.idle();
});

test('a request that was lost is made again by the tick', async () => {
  await deployment.twin.pause('plan-sync');
  const id = await connect();
  expect(await call('GET', `/${id}/jobs/1`)).toMatchObject({ json: { status: 'queued', trigger: 'connect' } });
  const { PurgeQueueCommand } = await import('@aws-sdk/client-sqs');
  await sqs.send(new PurgeQueueCommand({ QueueUrl: deployment.twin.endpoints.queues.urls.requests }));
  deployment.twin.resume('plan-sync');
  await leave({ due_at: PAST, due_inventory: PAST });
  await deployment.twin.tick();
  await deployment.twin.idle();
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: true } });
});

test('a disconnect that stopped half-way is gone on with by DELETE, and by the tick', async () => {
  for (const goOn of [() => call('DELETE', '/1'), () => deployment.twin.tick()]) {
    tests += 1;
    const id = await connect();
    await deployment.twin.idle();
    const shard = z.object({ due_pk: z.string() }).parse(await row()).due_pk;
    await leave({ state: 'disconnecting', due_pk: shard, due_at: PAST });
    expect((await call('GET', `/${id}`)).status).toBe(404);
    const answer = await goOn();
    if (answer !== undefined) expect(answer.status).toBe(204);
    expect(await row()).toMatchObject({ state: 'disconnected' });
    expect(await row()).not.toHaveProperty('due_at');
    expect((await call('DELETE', `/${id}`)).status).toBe(404);
    expect(await connect()).toBe(id + 1);
    await deployment.twin.idle();
  }
});

test('a scan that is throttled beyond what one link tries goes back onto the queue with what its task has done', async () => {
  deployment.aws.knobs({ throttle: [{ service: 'iam', first: 4 }] });
  deployment.aws.resetCalls();
  const id = await connect();
  await deployment.twin.idle();
  const answered = deployment.aws.calls().filter((one) => one.outcome === 'ok');
  expect(answered.filter((one) => one.service === 'iam')).toHaveLength(1);
  // What was done before was not done again.
  expect(answered.filter((one) => one.operation === 'ListBuckets')).toHaveLength(1);
  expect(answered.filter((one) => one.operation === 'DescribeVpcs')).toHaveLength(testKnobs.regions.length);
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: true } });
  expect((await items()).some((item) => String(item.sk).startsWith('TASK#') && item.step === 1)).toBe(true);
});

test('a restored table does not make the tick delete live secrets: it leaves all alone until a person has looked', async () => {
  const created = Object.keys(deployment.twin.secretCalls()).filter((name) => name.startsWith('DeleteSecret')).length;
  const tenants = Array.from({ length: 7 }, (_, n) => ({ tenant: `restored ${n}` }));
  // Connected is enough; what their syncs would find is no matter here.
  await deployment.twin.pause('plan-sync');
  for (const one of tenants) await deployment.connect({ claims: one });
  const names = new Set(tenants.map((one) => `T#${hashTenant(ISSUER, one.tenant)}`));
  for (const item of await deployment.items()) {
    if (!names.has(String(item.pk)) || !String(item.sk).startsWith('PROVIDER#')) continue;
    await deployment.document().send(
      new UpdateCommand({
        TableName: deployment.twin.endpoints.table.name,
        Key: { pk: item.pk, sk: item.sk },
        UpdateExpression: 'SET #s = :s, due_at = :t',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': 'connecting', ':t': PAST },
      }),
    );
  }
  const deleted = () =>
    Object.keys(deployment.twin.secretCalls()).filter((name) => name.startsWith('DeleteSecret')).length - created;
  // Each minute anew.
  for (let n = 0; n < 3; n += 1) await deployment.twin.tick();
  expect(deleted()).toBe(0);
  // As the runbook says, once it is known that they may go.
  expect(await deployment.twin.invoke('schedule-syncs', { undo: 7 })).toMatchObject({ ok: true });
  expect(deleted()).toBe(7);
});
