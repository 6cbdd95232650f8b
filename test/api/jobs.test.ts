import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { hashTenant } from '../../functions/domain/keys.ts';
import { coverageSchema, jobDetailSchema, jobSchema } from '../../functions/http/common/answers.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import { type Deployment, found, generated, inventoryOf, startDeployment } from '../support/deployment.ts';
import { testKnobs } from '../support/knobs.ts';
import { pagesOf } from '../support/pages.ts';

/** Jobs as they are watched, listed and cancelled; each test is a tenant of its own on one stack. */
let deployment: Deployment;
let tests = 0;
beforeAll(async () => {
  deployment = await startDeployment({ costs: 'later' });
});
afterAll(() => deployment?.stop());
beforeEach(() => {
  tests += 1;
  deployment.aws.knobs(testKnobs);
  deployment.aws.resetCalls();
});

const claims = () => ({ tenant: `watching ${tests}` });
const call = (method: string, path: string) => deployment.call(method, path, { claims: claims() });
const connect = () => deployment.connect({ claims: claims() });
const job = async (id: number, number: number) =>
  jobDetailSchema.parse((await call('GET', `/${id}/jobs/${number}`)).json);
const jobs = async (id: number) => z.array(jobSchema).parse((await call('GET', `/${id}/jobs`)).json);
const coverage = async (id: number) =>
  (await pagesOf(deployment, `/${id}/coverage?limit=100`, z.array(coverageSchema), { claims: claims() })).pages.flat();
const keys = async (id: number) => (await inventoryOf(deployment, id, undefined, claims())).map(({ key }) => key);

/** Lets the time pass in which the next job waits for the workers of one that was cancelled. */
async function endQuietTime(): Promise<void> {
  const pk = `T#${hashTenant(ISSUER, claims().tenant)}`;
  const row = (await deployment.items()).find((item) => item.pk === pk && String(item.sk).startsWith('PROVIDER#'));
  await deployment.document().send(
    new UpdateCommand({
      TableName: deployment.twin.endpoints.table.name,
      Key: { pk, sk: row?.sk },
      UpdateExpression: 'SET quiet_until_inventory = :past',
      ExpressionAttributeValues: { ':past': '2020-01-01T00:00:00.000Z' },
    }),
  );
}

test('a job is queued, then running with its cells to do, then done with every call accounted for', async () => {
  await Promise.all([deployment.twin.pause('plan-sync'), deployment.twin.pause('collect-aws')]);
  const id = await connect();
  const nothing = { found: 0, created: 0, updated: 0, removed: 0 };
  const queued = { job_id: 1, status: 'queued', trigger: 'connect', scope: 'all', cells: { done: 0, total: 0 } };
  expect(await jobs(id)).toEqual([expect.objectContaining({ ...queued, resources: nothing, finished_at: null })]);
  expect(await job(id, 1)).toMatchObject({ ...queued, calls: [] });
  expect(await coverage(id)).toEqual([]);

  deployment.twin.resume('plan-sync');
  await deployment.twin.idle();
  const running = await job(id, 1);
  expect(running).toMatchObject({ status: 'running', cells: { done: 0 }, finished_at: null });
  expect(running.cells.total).toBeGreaterThan(100);
  // What is planned and nobody has come to is not silently absent.
  const planned = (await coverage(id)).filter((row) => row.type !== 'regions');
  expect(planned).toHaveLength(running.cells.total);
  expect(new Set(planned.map((row) => `${row.outcome} ${row.error_code}`))).toEqual(new Set(['failed NOT_SCANNED']));
  expect((await call('GET', `/${id}/resources`)).json).toEqual([]);

  deployment.twin.resume('collect-aws');
  await deployment.twin.idle();
  const done = await job(id, 1);
  const total = generated(deployment.aws, MAIN_ACCOUNT.accountId).length;
  expect(done).toMatchObject({
    status: 'succeeded',
    cells: { done: running.cells.total, total: running.cells.total },
    coverage: { collected: running.cells.total },
    resources: { ...nothing, found: total, created: total },
    error: null,
  });
  expect(done.calls.reduce((n, { count }) => n + count, 0)).toBe(done.api_calls);
  expect(done.calls).toContainEqual({
    service: 'ec2',
    operation: 'DescribeVpcs',
    outcome: 'ok',
    count: testKnobs.regions.length,
  });
  const { calls: _, ...listed } = done;
  expect(await jobs(id)).toEqual([listed]);
});

test('the history is newest first, page by page, with the job that has no row yet', async () => {
  const id = await connect();
  await deployment.twin.idle();
  deployment.aws.knobs({ deny: [{ service: 's3' }] });
  await call('POST', `/${id}/sync`);
  await deployment.twin.idle();
  await deployment.twin.pause('plan-sync');
  await call('POST', `/${id}/sync`);
  const all = await jobs(id);
  expect(all.map((one) => [one.job_id, one.status, one.trigger])).toEqual([
    [3, 'queued', 'manual'],
    [2, 'partial', 'manual'],
    [1, 'succeeded', 'connect'],
  ]);
  expect(all[1]?.coverage).toMatchObject({ denied: 1 });
  for (const limit of [1, 2]) {
    const paged = await pagesOf(deployment, `/${id}/jobs?limit=${limit}`, z.array(jobSchema), { claims: claims() });
    expect(paged.pages.flat()).toEqual(all);
    expect(paged.pages).toHaveLength(Math.ceil(3 / limit));
  }
  deployment.twin.resume('plan-sync');
  await deployment.twin.idle();
  expect((await call('GET', `/${id}/jobs/4`)).status).toBe(404);
});

test('a job that is queued can be cancelled: nothing is planned, and asking again changes nothing', async () => {
  await deployment.twin.pause('plan-sync');
  const id = await connect();
  const first = await call('POST', `/${id}/jobs/1/cancel`);
  expect(first).toMatchObject({
    status: 200,
    json: { job_id: 1, status: 'cancelled', trigger: 'connect', error: 'The job was cancelled.', calls: [] },
  });
  const before = await deployment.items();
  const again = await call('POST', `/${id}/jobs/1/cancel`);
  expect([again.status, again.text]).toEqual([200, first.text]);
  expect(await deployment.items()).toEqual(before);
  expect(await jobs(id)).toMatchObject([{ job_id: 1, status: 'cancelled' }]);
  deployment.aws.resetCalls();
  deployment.twin.resume('plan-sync');
  await deployment.twin.idle();
  expect(deployment.aws.calls()).toEqual([]);
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { last_synced_at: null, complete: false } });
});

test('a sync cancelled half-way stops, what it collected stays, and the next one completes it', async () => {
  // Some lists are long: they are far from their end when the others are through.
  const add = [{ type: 'lambda_function', region: 'us-east-1', count: 600 }];
  deployment.aws.knobs({ latencyMs: 300, add });
  const id = await connect();
  await expect.poll(() => deployment.aws.calls().length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(60);
  const answer = await call('POST', `/${id}/jobs/1/cancel`);
  expect(answer).toMatchObject({ status: 200, json: { status: 'cancelled' } });
  await deployment.twin.idle();
  const calls = deployment.aws.calls().length;
  deployment.aws.knobs({ latencyMs: 0, add });
  await deployment.twin.tick();
  await deployment.twin.idle();
  expect(deployment.aws.calls().length).toBe(calls);

  const cancelled = await job(id, 1);
  expect(cancelled).toMatchObject({ status: 'cancelled', error: 'The job was cancelled.' });
  expect(cancelled.finished_at).toBe(jobDetailSchema.parse(answer.json).finished_at);
  expect(cancelled.calls.reduce((n, { count }) => n + count, 0)).toBe(cancelled.api_calls);
  const theirs = generated(deployment.aws, MAIN_ACCOUNT.accountId);
  const kept = found(await inventoryOf(deployment, id, undefined, claims()));
  expect(kept.length).toBeLessThan(theirs.length);
  expect(theirs).toEqual(expect.arrayContaining(kept));
  const rows = (await coverage(id)).filter((row) => row.type !== 'regions');
  expect(rows).toHaveLength(cancelled.cells.total);
  const open = rows.filter((row) => row.error_code === 'NOT_SCANNED');
  expect(open.length).toBeGreaterThan(0);
  expect(new Set(rows.filter((row) => !open.includes(row)).map((row) => row.outcome))).toEqual(
    rows.length === open.length ? new Set() : new Set(['collected']),
  );
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { complete: false } });

  await endQuietTime();
  expect((await call('POST', `/${id}/sync`)).json).toEqual({ job_id: 2, status: 'running' });
  await deployment.twin.idle();
  expect(await job(id, 2)).toMatchObject({ status: 'succeeded' });
  expect(found(await inventoryOf(deployment, id, undefined, claims()))).toEqual(theirs);
  expect((await coverage(id)).some((row) => row.torn || row.outcome !== 'collected')).toBe(false);
});

test('a job that has ended, none at all, and one of a past provider cannot be cancelled', async () => {
  const id = await connect();
  await deployment.twin.idle();
  const before = await deployment.items();
  expect(await call('POST', `/${id}/jobs/1/cancel`)).toMatchObject({ status: 409, json: { code: 'JOB_ENDED' } });
  const missing = await call('GET', '/99');
  const unknown = await call('POST', `/${id}/jobs/2/cancel`);
  expect([unknown.status, unknown.text]).toEqual([404, missing.text]);
  expect(await deployment.items()).toEqual(before);
  const [inventory, history, ledger] = [await keys(id), await jobs(id), await coverage(id)];
  await call('DELETE', `/${id}`);
  const gone = await call('POST', `/${id}/jobs/1/cancel`);
  expect([gone.status, gone.text]).toEqual([404, missing.text]);
  // Everything that was known can still be read.
  expect([await keys(id), await jobs(id), await coverage(id)]).toEqual([inventory, history, ledger]);
  expect((await call('GET', `/${id}/changes`)).json).toEqual([]);
  expect((await call('GET', `/${id}/resources/${inventory[0]}`)).status).toBe(200);
  const actions = deployment.audit().map((line) => `${line.action} ${line.result}`);
  for (const line of ['cancel 200', 'cancel 409', 'cancel 404']) expect(actions).toContain(line);
});
