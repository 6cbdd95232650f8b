import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { coverageSchema, jobDetailSchema, providerSchema } from '../../functions/http/common/answers.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import { type Deployment, found, generated, inventoryOf, startDeployment } from '../support/deployment.ts';
import { testKnobs } from '../support/knobs.ts';
import { pagesOf } from '../support/pages.ts';

/** The ledger of what is known and what is not, next to the inventory that it stands for. */
let deployment: Deployment;
const id = 1;
beforeAll(async () => {
  // Where an account will not list its regions, only one is scanned.
  deployment = await startDeployment({ twin: { context: { regions: ['us-east-1'] } } });
});
afterAll(() => deployment?.stop());
beforeEach(() => deployment.aws.knobs(testKnobs));

const coverage = async (query = 'limit=100') =>
  (await pagesOf(deployment, `/${id}/coverage?${query}`, z.array(coverageSchema))).pages.flat();
const provider = async () => providerSchema.parse((await deployment.call('GET', `/${id}`)).json);
const job = async (number: number) =>
  jobDetailSchema.parse((await deployment.call('GET', `/${id}/jobs/${number}`)).json);
const inventory = () => inventoryOf(deployment, id);
async function sync(body: object = {}): Promise<z.infer<typeof jobDetailSchema>> {
  const started = z.object({ job_id: z.number() }).parse((await deployment.call('POST', `/${id}/sync`, { body })).json);
  await deployment.twin.idle();
  return job(started.job_id);
}
/** Cells by outcome, as the provider must count them: those that have left the plan are none of it. */
const byOutcome = (rows: readonly z.infer<typeof coverageSchema>[]) => {
  const counts: Record<string, number> = {};
  for (const { outcome, cells } of rows.filter((row) => row.outcome !== 'out_of_scope')) {
    counts[outcome] = (counts[outcome] ?? 0) + cells;
  }
  return counts;
};
const resources = (rows: readonly z.infer<typeof coverageSchema>[]) =>
  rows.filter((row) => row.type !== 'regions').reduce((n, row) => n + row.count, 0);

test('every cell has a row, and together they count the inventory', async () => {
  await deployment.connect();
  await deployment.twin.idle();
  const rows = await coverage();
  expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set(['collected']));
  expect(resources(rows)).toBe((await inventory()).length);
  expect((await provider()).coverage).toEqual(byOutcome(rows));
  expect(rows.find((row) => row.region === 'eu-west-1' && row.type === 'vpc')).toEqual({
    service: 'ec2',
    region: 'eu-west-1',
    type: 'vpc',
    cells: 1,
    outcome: 'collected',
    count: deployment.aws.inventory(MAIN_ACCOUNT.accountId).vpc?.['eu-west-1']?.length,
    last_complete_at: (await job(1)).started_at,
    duration_ms: expect.any(Number),
    error_code: null,
    permission: null,
    denied_by: null,
    torn: false,
  });
  // A cell without a resource is known to have none.
  expect(rows.find((row) => row.region === 'sa-east-1' && row.type === 'rds_cluster')).toMatchObject({ count: 0 });
  expect(rows.find((row) => row.type === 'regions')).toMatchObject({
    service: 'account',
    region: 'global',
    count: testKnobs.regions.length,
  });
});

test('the ledger is paged in the order service, region, type, and says how many rows there are', async () => {
  const all = await coverage();
  const places = all.map((row) => `${row.service} ${row.region} ${row.type}`);
  expect(places).toEqual([...places].sort());
  const { pages, answers } = await pagesOf(deployment, `/${id}/coverage?limit=90`, z.array(coverageSchema));
  expect(pages.flat()).toEqual(all);
  expect(pages.slice(0, -1).map((page) => page.length)).toEqual(pages.slice(0, -1).map(() => 90));
  expect(new Set(answers.map((answer) => answer.headers.get('x-total-count')))).toEqual(new Set([String(all.length)]));
});

test('it is filtered by type, region and outcome', async () => {
  const all = await coverage();
  expect(await coverage('type=vpc&limit=100')).toEqual(all.filter((row) => row.type === 'vpc'));
  expect(await coverage('region=global')).toEqual(all.filter((row) => row.region === 'global'));
  expect(await coverage('outcome=denied')).toEqual([]);
  expect((await deployment.call('GET', `/${id}/coverage?outcome=green`)).status).toBe(400);
});

test('EC2 of one region is denied between two syncs: nothing is lost, the permission is named, a retry completes it', async () => {
  const before = await inventory();
  const collectors = clouds.aws.collectors.filter(({ service }) => service === 'ec2');
  const ec2: readonly string[] = collectors.flatMap(({ types }) => types).sort();
  const permissionOf = (type: string) => collectors.find(({ name }) => name === type)?.permissions[0];
  const first = await job(1);
  deployment.aws.knobs({ deny: [{ service: 'ec2', region: 'eu-west-1' }] });
  const denied = await sync();
  expect(denied).toMatchObject({ status: 'partial', coverage: { denied: ec2.length }, resources: { removed: 0 } });
  expect(denied.cells.done).toBe(denied.cells.total);
  const after = await inventory();
  expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  const kept = after.filter((one) => one.region === 'eu-west-1' && ec2.includes(one.type));
  expect(new Set(kept.map((one) => one.last_seen_at))).toEqual(new Set([first.started_at]));
  const rows = await coverage('outcome=denied');
  expect(rows.map((row) => [row.region, row.type, row.permission, row.denied_by])).toEqual(
    ec2.map((type) => ['eu-west-1', type, permissionOf(type), 'identity']),
  );
  expect(permissionOf('vpc')).toBe('ec2:DescribeVpcs');
  for (const row of rows) {
    expect(row.count).toBe(before.filter((one) => one.region === 'eu-west-1' && one.type === row.type).length);
    expect(row).toMatchObject({ error_code: 'UnauthorizedOperation', last_complete_at: first.started_at });
  }
  expect(await provider()).toMatchObject({
    status: 'synced',
    complete: false,
    coverage: { denied: ec2.length },
    resource_count: before.length,
    last_complete_sync_at: first.started_at,
  });

  deployment.aws.knobs({ deny: [] });
  const retried = await sync({ scope: 'failed' });
  expect(retried).toMatchObject({ status: 'succeeded', scope: 'failed', trigger: 'manual' });
  expect(retried.cells.done).toBe(retried.cells.total);
  expect(retried.cells.total).toBe(ec2.length);
  // Only what was missing was asked for.
  expect(retried.calls.map((one) => `${one.service} ${one.operation} ${one.outcome} ${one.count}`)).toEqual(
    // The plan's own is among them.
    ['ec2:DescribeRegions', ...ec2.map((type) => String(permissionOf(type)))]
      .map((permission) => `${permission.replace(':', ' ')} ok 1`)
      .sort(),
  );
  expect(await coverage('outcome=denied')).toEqual([]);
  expect(await provider()).toMatchObject({ complete: true, last_complete_sync_at: retried.started_at });
  expect((await coverage('region=eu-west-1&type=vpc'))[0]?.last_complete_at).toBe(retried.started_at);
  expect(found(await inventory())).toEqual(generated(deployment.aws, MAIN_ACCOUNT.accountId));
});

test("a region that an organisation's policy denies is one row that stands for its cells", async () => {
  const before = await coverage('region=eu-west-1&limit=100');
  deployment.aws.knobs({ deny: [{ region: 'eu-west-1', by: 'scp' }] });
  await sync();
  const rows = await coverage();
  expect(rows.filter((row) => row.region === 'eu-west-1')).toEqual([
    expect.objectContaining({
      service: '*',
      type: '*',
      cells: before.length,
      outcome: 'denied',
      denied_by: 'scp',
      permission: null,
      count: before.reduce((n, row) => n + row.count, 0),
    }),
  ]);
  expect(rows[0]).toMatchObject({ region: 'eu-west-1' });
  expect((await provider()).coverage).toEqual(byOutcome(rows));
  expect(resources(rows)).toBe((await provider()).resource_count);
  // Who asks for a type is told of it.
  expect(await coverage('region=eu-west-1&type=vpc')).toMatchObject([
    { type: 'vpc', cells: 1, denied_by: 'scp', permission: 'ec2:DescribeVpcs' },
  ]);
});

test('what leaves the plan is out of scope: neither current nor gone, not counted, and back when it is planned again', async () => {
  const all = await inventory();
  const ireland = all.find((one) => one.region === 'eu-west-1' && one.type === 'vpc');
  deployment.aws.knobs({ deny: [{ service: 'ec2', operation: 'DescribeRegions' }] });
  await sync();
  const rows = await coverage();
  expect(rows.find((row) => row.type === 'regions')).toMatchObject({
    outcome: 'denied',
    permission: 'ec2:DescribeRegions',
    denied_by: 'identity',
  });
  const left = rows.filter((row) => row.outcome === 'out_of_scope');
  expect(new Set(left.map((row) => row.count))).toEqual(new Set([0]));
  expect(left.map((row) => row.region)).not.toContain('us-east-1');
  expect(left.map((row) => row.region)).toContain('eu-west-1');
  const current = await inventory();
  // By the scope in the key: what is asked for once, buckets for instance, may be in any region.
  const planned = all.filter(({ key }) => /\.(us-east-1|global)\./.test(key));
  expect(current.map(({ key }) => key)).toEqual(planned.map(({ key }) => key));
  expect(await provider()).toMatchObject({ resource_count: current.length, coverage: byOutcome(rows) });
  const counted = await deployment.call('GET', `/${id}/resources?limit=1`);
  expect(counted.headers.get('x-total-count')).toBe(String(current.length));
  expect(await inventoryOf(deployment, id, 'status=deleted')).toEqual([]);
  expect(await inventoryOf(deployment, id, `external_id=${encodeURIComponent(ireland?.external_id ?? '')}`)).toEqual(
    [],
  );
  expect(await deployment.call('GET', `/${id}/resources/${ireland?.key}`)).toMatchObject({
    status: 200,
    json: { key: ireland?.key, removed_at: null },
  });
  deployment.aws.knobs({ deny: [] });
  await sync();
  expect((await inventory()).map((one) => one.key)).toEqual(all.map((one) => one.key));
  expect((await deployment.call('GET', `/${id}/changes`)).json).toEqual([]);
  expect(await coverage('outcome=out_of_scope')).toEqual([]);
});
