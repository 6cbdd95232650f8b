import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addDays, dayOf } from '../../functions/domain/days.ts';
import { sumOf } from '../../functions/domain/decimal.ts';
import { hashTenant, keys } from '../../functions/domain/keys.ts';
import { costsSchema, jobSchema } from '../../functions/http/common/answers.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { amountText, type Charge, chargesOf, MEMBER_ACCOUNT } from '../../lib/local/clouds/aws/inventory/costs.ts';
import { defaultKnobs, type Knobs } from '../../lib/local/clouds/aws/knobs.ts';
import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/sample-aws.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';

/** Daily costs, read by jobs of their own; each test is a tenant of its own on one stack whose budget is six calls. */
const BUDGET = { calls: 6, bytes: 0 };
const REGIONS = ['us-east-1'];
/** One page a question, so that calls can be counted. */
const ONE_PAGE: Knobs['costs'] = { ...defaultKnobs.costs, pageGroups: 5000 };

let deployment: Deployment;
let tests = 0;
beforeAll(async () => {
  deployment = await startDeployment({
    twin: { context: { costCallsPerMonth: BUDGET.calls, costGigabytesPerMonth: 0 } },
  });
});
afterAll(() => deployment?.stop());
beforeEach(() => {
  tests += 1;
  turn({});
  deployment.aws.resetCalls();
});

const turn = (change: Partial<Knobs>): void =>
  deployment.aws.knobs({ ...defaultKnobs, regions: REGIONS, costs: ONE_PAGE, ...change });
const claims = () => ({ tenant: `paying ${tests}` });
const call = (method: string, path: string) => deployment.call(method, path, { claims: claims() });
const costs = async (id: number, query = '') => costsSchema.parse((await call('GET', `/${id}/costs${query}`)).json);
const jobs = async (id: number) => z.array(jobSchema).parse((await call('GET', `/${id}/jobs`)).json);
const asked = () => deployment.aws.calls().filter(({ service }) => service === 'ce');

async function connect(): Promise<number> {
  const id = await deployment.connect({ claims: claims() });
  await deployment.twin.idle();
  return id;
}

/** Lets the time come at which costs are due, and the tick that sees it. */
async function readCosts(id: number): Promise<void> {
  const past = '2020-01-01T00:00:00.000Z';
  await deployment.document().send(
    new UpdateCommand({
      TableName: deployment.twin.endpoints.table.name,
      Key: { ...keys.provider({ tenant: hashTenant(ISSUER, claims().tenant), id }) },
      UpdateExpression: 'SET due_costs = :past, due_at = :past',
      ExpressionAttributeValues: { ':past': past },
    }),
  );
  await deployment.twin.tick();
  await deployment.twin.idle();
}

const today = () => dayOf(Date.now());
/** What the account itself was charged on a day. */
const charged = (day: string, change: Partial<Knobs> = {}): readonly Charge[] =>
  chargesOf(MAIN_ACCOUNT, day, { ...defaultKnobs, ...change }, Date.now()).filter(
    ({ account }) => account !== MEMBER_ACCOUNT,
  );
const sum = (charges: readonly Charge[]): string => amountText(charges.reduce((n, { amount }) => n + amount, 0n));
const given = (charges: readonly Charge[]): readonly Charge[] =>
  charges.filter(({ type }) => type === 'Credit' || type === 'Refund');

test('the tick after a connect reads 90 days of costs: exact, by service and region, without those of other accounts', async () => {
  const id = await connect();
  const before = await call('GET', `/${id}`);
  expect(await costs(id)).toMatchObject({
    source: { name: 'cost_explorer', outcome: null, last_read_at: null, from: null },
    totals: [],
    costs: [],
  });
  turn({ costs: { ...ONE_PAGE, pageGroups: 500 } });
  await deployment.twin.tick();
  await deployment.twin.idle();
  expect(asked().length).toBe(5);
  expect(await jobs(id)).toMatchObject([
    { job_id: 2, kind: 'costs', trigger: 'schedule', status: 'succeeded', cells: { done: 1, total: 1 }, api_calls: 5 },
    { job_id: 1, kind: 'inventory', status: 'succeeded' },
  ]);
  // The provider follows its inventory alone.
  expect((await call('GET', `/${id}`)).text).toBe(before.text);

  const from = addDays(today(), -40);
  const rows: z.infer<typeof costsSchema>['costs'] = [];
  let path: string | undefined = `/${id}/costs?from=${from}&to=${today()}&group_by=region,service&limit=100`;
  let answer = await costs(id);
  while (path !== undefined) {
    const page: Awaited<ReturnType<typeof call>> = await call('GET', path);
    answer = costsSchema.parse(page.json);
    rows.push(...answer.costs);
    const next = /<[^?>]*(\?[^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    path = next === undefined ? undefined : `/${id}/costs${next}`;
  }
  const days = Array.from({ length: 41 }, (_, n) => addDays(from, n));
  const expected = days.flatMap((day) =>
    [...Map.groupBy(charged(day), ({ service, region }) => `${service}\0${region}`)]
      .map(([key, charges]) => ({ key, charges }))
      .map(({ key, charges }) => {
        const [service = '', region = ''] = key.split('\0');
        const place = region === 'NoRegion' ? 'global' : region;
        return {
          date: day,
          service,
          region: place,
          currency: 'USD',
          amount: sum(charges),
          credits: sum(given(charges)),
        };
      })
      .sort((a, b) => (`${a.service}\0${a.region}` < `${b.service}\0${b.region}` ? -1 : 1)),
  );
  expect(rows.map(({ estimated: _, ...row }) => row)).toEqual(expected);
  expect(rows.some(({ credits }) => credits?.startsWith('-'))).toBe(true);
  expect(rows.at(-1)?.estimated).toBe(true);
  expect(answer).toMatchObject({ from, to: today(), group_by: ['service', 'region'] });
  expect(answer.totals).toEqual([
    {
      currency: 'USD',
      amount: sumOf(rows.map(({ amount }) => amount)),
      credits: sumOf(rows.map(({ credits }) => credits ?? '0')),
      estimated: true,
    },
  ]);
  expect(answer.source).toMatchObject({
    name: 'cost_explorer',
    outcome: 'collected',
    error_code: null,
    from: addDays(today(), -90),
    through: today(),
    spend: { month: today().slice(0, 7), calls: 5, bytes: 0, budget: BUDGET },
  });
  expect(answer.source.last_complete_at).toBe(answer.source.last_read_at);
  // One row a day where nothing is told apart; the last thirty days where none are named.
  const daily = await costs(id, '?limit=100');
  expect(daily.costs.map(({ date, amount }) => [date, amount])).toEqual(
    Array.from({ length: 30 }, (_, n) => addDays(today(), n - 29)).map((day) => [day, sum(charged(day))]),
  );
  const heard = deployment
    .events()
    .filter(({ detail }) => detail.tenant === claims().tenant && detail.kind === 'costs');
  expect(heard).toMatchObject([{ 'detail-type': 'SyncFinished', detail: { job_id: 2, coverage: { collected: 1 } } }]);
});

test('late data replaces its days: the same day read again is neither added to nor left as it was', async () => {
  const id = await connect();
  await readCosts(id);
  const day = addDays(today(), -2);
  const of = async () => (await costs(id, `?from=${day}&to=${day}`)).costs.map(({ amount }) => amount);
  expect(await of()).toEqual([sum(charged(day))]);
  const unchanged = (await deployment.items()).filter(({ pk }) => String(pk).endsWith('#COSTS'));
  const restated = { costs: { ...ONE_PAGE, restate: [{ daysAgo: 2, factor: 1.5 }] } };
  turn(restated);
  await readCosts(id);
  expect(await of()).toEqual([sum(charged(day, restated))]);
  expect(await of()).not.toEqual([sum(charged(day))]);
  // Nothing is written of a day that is as it was, today's excepted.
  const now = (await deployment.items()).filter(({ pk }) => String(pk).endsWith('#COSTS'));
  const changed = now.filter(
    (item) => !unchanged.some((one) => one.sk === item.sk && one.stamp === item.stamp && one.pk === item.pk),
  );
  expect(changed.map(({ sk }) => String(sk).slice(0, 10))).toEqual([day]);
  expect(await jobs(id)).toMatchObject([{ kind: 'costs', resources: { created: 0, updated: 1 } }, {}, {}]);
});

test('an account that denies its costs, or never opened Cost Explorer, says so, and its inventory is unharmed', async () => {
  const id = await connect();
  turn({ deny: [{ service: 'ce' }] });
  await readCosts(id);
  expect((await costs(id)).source).toMatchObject({
    outcome: 'denied',
    error_code: 'AccessDeniedException',
    permission: 'ce:GetCostAndUsage',
    denied_by: 'identity',
    last_complete_at: null,
  });
  expect((await jobs(id))[0]).toMatchObject({ kind: 'costs', status: 'failed', coverage: { denied: 1 } });
  turn({ costs: { ...ONE_PAGE, enabled: false } });
  await readCosts(id);
  expect(await costs(id)).toMatchObject({
    source: { outcome: 'not_enabled', error_code: 'COST_EXPLORER_NOT_ENABLED', permission: null },
    costs: [],
  });
  expect((await jobs(id))[0]).toMatchObject({ kind: 'costs', status: 'succeeded', coverage: { not_enabled: 1 } });
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced', complete: true } });
});

test('a throttled page is asked for again, each try is charged, and a page that fails leaves all days as they were', async () => {
  const id = await connect();
  turn({ throttle: [{ service: 'ce', first: 1 }] });
  await readCosts(id);
  expect((await costs(id)).source).toMatchObject({ outcome: 'collected', spend: { calls: 5 } });
  const before = await costs(id);
  turn({ down: [{ service: 'ce' }] });
  // The budget ends what the faults would not.
  await readCosts(id);
  const after = await costs(id);
  expect(after.costs).toEqual(before.costs);
  expect(after.source).toMatchObject({ outcome: 'failed', error_code: 'BUDGET_SPENT', spend: { calls: 6 } });
  expect(after.source.last_complete_at).toBe(before.source.last_complete_at);
});

test('no call is made beyond the budget of a month', async () => {
  const id = await connect();
  await readCosts(id);
  await readCosts(id);
  expect(asked().length).toBe(BUDGET.calls);
  await readCosts(id);
  expect(asked().length).toBe(BUDGET.calls);
  const { source, costs: days } = await costs(id);
  expect(source).toMatchObject({
    outcome: 'failed',
    error_code: 'BUDGET_SPENT',
    through: today(),
    spend: { calls: 6 },
  });
  expect(days).toHaveLength(30);
  expect((await jobs(id))[0]).toMatchObject({ kind: 'costs', status: 'failed' });
});

test('a sync and costs run side by side, and one is cancelled without the other', async () => {
  const id = await connect();
  await deployment.twin.pause('collect-aws');
  await readCosts(id);
  expect((await call('POST', `/${id}/sync`)).json).toEqual({ job_id: 3, status: 'running' });
  await deployment.twin.idle();
  expect(await jobs(id)).toMatchObject([
    { job_id: 3, kind: 'inventory', status: 'running' },
    { job_id: 2, kind: 'costs', status: 'running' },
    { job_id: 1 },
  ]);
  expect(await call('POST', `/${id}/jobs/2/cancel`)).toMatchObject({ status: 200, json: { status: 'cancelled' } });
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'syncing' } });
  deployment.twin.resume('collect-aws');
  await deployment.twin.idle();
  expect(asked()).toEqual([]);
  expect((await jobs(id))[0]).toMatchObject({ job_id: 3, status: 'succeeded' });
  expect(await call('GET', `/${id}`)).toMatchObject({ json: { status: 'synced' } });
});

test('a disconnect stops the reading of costs and keeps what was read', async () => {
  const id = await connect();
  await readCosts(id);
  const before = await costs(id);
  expect((await call('DELETE', `/${id}`)).status).toBe(204);
  const calls = asked().length;
  await deployment.twin.tick();
  await deployment.twin.idle();
  expect(asked().length).toBe(calls);
  expect(await costs(id)).toEqual(before);
  expect(before.costs).toHaveLength(30);
});

describe('what is asked for', () => {
  const days = (n: number): string => addDays('2026-01-01', n);
  const bad = [
    'from=2026-02-30',
    'from=2026-1-1',
    'from=yesterday',
    'from=2026-01-01T00:00:00Z',
    'from=1969-12-31&to=1970-01-01',
    'from=2026-01-02&to=2026-01-01',
    'from=9999-01-01',
    `from=${days(0)}&to=${days(400)}`,
    'group_by=',
    'group_by=account',
    'group_by=service,service',
    'group_by=service,',
    'group_by=service&group_by=region',
    'from=2026-01-01&from=2026-01-02',
    'limit=0',
    'limit=101',
    'cursor=x',
    'granularity=monthly',
  ];
  const asker = { claims: { tenant: 'asking' } };
  const ask = (query: string) => deployment.call('GET', `/1/costs?${query}`, asker);
  beforeAll(async () => {
    expect(await deployment.connect(asker)).toBe(1);
    await deployment.twin.idle();
  });

  test.each(bad)('%s is refused', async (query) => {
    const answer = await ask(query);
    expect([answer.status, z.object({ code: z.string() }).parse(answer.json).code]).toEqual([
      400,
      query === 'cursor=x' ? 'INVALID_CURSOR' : 'VALIDATION_FAILED',
    ]);
  });

  test('400 days are not too many, and a cursor is good for its own list only', async () => {
    await deployment.twin.tick();
    await deployment.twin.idle();
    expect((await ask(`from=${days(0)}&to=${days(399)}`)).status).toBe(200);
    const link = (await ask('limit=1')).headers.get('link') ?? '';
    const cursor = /cursor=([^&>]+)/.exec(link)?.[1];
    expect((await ask(`limit=2&cursor=${cursor}`)).status).toBe(200);
    for (const query of ['group_by=service', `from=${days(0)}&to=${days(1)}`]) {
      expect((await ask(`${query}&cursor=${cursor}`)).status).toBe(400);
    }
    // Another tenant's id is no id.
    const none = await call('GET', '/99/costs');
    expect([none.status, (await call('GET', '/1/costs')).text]).toEqual([404, none.text]);
  });
});
