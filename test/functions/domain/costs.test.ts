import { beforeEach, describe, expect, test } from 'vitest';
import { collectCosts, daysToRead } from '../../../functions/domain/collect-costs.ts';
import { readCostDays, readRows, replaceDays } from '../../../functions/domain/cost-days.ts';
import { DailyRows, UnexpectedCostsError } from '../../../functions/domain/cost-rows.ts';
import type { CostFacts, CostRow, CostSource } from '../../../functions/domain/cost-source.ts';
import { BudgetSpentError, readSpend, Spending } from '../../../functions/domain/cost-spend.ts';
import { SupersededError } from '../../../functions/domain/errors.ts';
import { Fence } from '../../../functions/domain/fence.ts';
import { type CostSourceItem, jobItem, providerItem } from '../../../functions/domain/items.ts';
import { keys, stampOf } from '../../../functions/domain/keys.ts';
import { listCosts } from '../../../functions/domain/list-costs.ts';
import type { TaskMessage } from '../../../functions/domain/messages.ts';
import { type MemoryTable, memoryTable } from '../../support/memory-table.ts';

const ref = { tenant: 'a'.repeat(32), id: 1 };
const of = { ref, source: 'bill' };
const NOW = Date.parse('2026-03-05T12:00:00Z');
const days = { from: '2026-03-01', to: '2026-03-04' };
const SOURCE: CostFacts = {
  name: 'bill',
  service: 'bill',
  permissions: ['bill:Read'],
  firstDays: 90,
  openDays: 3,
  openMonth: false,
};
const PROVIDER = {
  v: 1,
  tenant: 't',
  id: 1,
  cloud: 'x',
  name: 'n',
  account: 'a',
  state: 'connected',
  secret: 's',
  last_job: 1,
  interval_minutes: 360,
  status: 'synced',
  resource_count: 0,
  complete: true,
  created_at: '2026-03-01T00:00:00.000Z',
} as const;
const MESSAGE: TaskMessage = {
  v: 1,
  tenant: ref.tenant,
  provider: 1,
  kind: 'costs',
  job: 1,
  cloud: 'x',
  task: 1,
  generation: 0,
  step: 0,
  after: 0,
  retries: 0,
  readings: [],
};
let table: MemoryTable;
beforeEach(() => {
  table = memoryTable();
});

const row = (day: string, service: string, amount: string, more: Partial<CostRow> = {}): CostRow => ({
  day,
  service,
  region: 'r1',
  currency: 'USD',
  amount,
  estimated: false,
  ...more,
});
const read = (...rows: readonly CostRow[]): DailyRows => {
  const daily = new DailyRows(days);
  daily.add(rows);
  return daily;
};
const replace = (daily: DailyRows, job: number, careful = false) =>
  replaceDays(table, of, days, daily, { stamp: stampOf(job, 1), careful, pass: () => Promise.resolve() });
const list = async (groups: readonly ('service' | 'region')[] = [], limit = 100, after?: readonly string[]) =>
  listCosts(table, { ref, source: 'bill', now: NOW }, { days, groups }, { limit, after });

describe('rows that a cloud gives', () => {
  test('are added up by day, service, region and currency, exactly, and never across currencies', async () => {
    await replace(
      read(
        row('2026-03-01', 's3', '0.1', { credits: '-0.05' }),
        row('2026-03-01', 's3', '0.2', { estimated: true }),
        row('2026-03-01', 's3', '7', { currency: 'EUR' }),
        row('2026-03-01', 'ec2', '1E-10'),
        row('2026-03-02', 'ec2', '-3.5', { region: 'r2' }),
      ),
      1,
    );
    expect((await list(['service', 'region'])).costs).toEqual([
      { day: '2026-03-01', service: 'ec2', region: 'r1', currency: 'USD', amount: '0.0000000001', estimated: false },
      { day: '2026-03-01', service: 's3', region: 'r1', currency: 'EUR', amount: '7', estimated: false },
      {
        day: '2026-03-01',
        service: 's3',
        region: 'r1',
        currency: 'USD',
        amount: '0.3',
        credits: '-0.05',
        estimated: true,
      },
      { day: '2026-03-02', service: 'ec2', region: 'r2', currency: 'USD', amount: '-3.5', estimated: false },
    ]);
    expect((await list()).totals).toEqual([
      { currency: 'EUR', amount: '7', estimated: false },
      { currency: 'USD', amount: '-3.1999999999', credits: '-0.05', estimated: true },
    ]);
  });

  test.each([
    ['an amount that is none', { amount: 'NaN' }],
    ['an amount without end', { amount: '1e400' }],
    ['a currency that is none', { currency: 'usd' }],
    ['a service without a name', { service: '\u0000' }],
    ['a day that does not exist', { day: '2026-02-30' }],
    ['a day that was not asked for', { day: '2026-03-04' }],
  ])('are refused with %s', (_, wrong) => {
    expect(() => read(row('2026-03-01', 's3', '1', wrong))).toThrow(UnexpectedCostsError);
  });
});

describe('a day that is read again', () => {
  test('is replaced, not added to, and emptied where it has no rows any more', async () => {
    await replace(read(row('2026-03-01', 's3', '1'), row('2026-03-02', 's3', '2')), 1);
    expect(await replace(read(row('2026-03-01', 's3', '1')), 2)).toEqual({ created: 0, updated: 1 });
    expect((await list()).costs.map(({ day, amount }) => [day, amount])).toEqual([['2026-03-01', '1']]);
    // Nothing is written of the first, which is as it was.
    const stamps = (await readCostDays(table, of, days)).map(({ stamp }) => stamp);
    expect(stamps).toEqual([stampOf(1, 1), stampOf(2, 1)]);
    expect(await replace(read(row('2026-03-03', 's3', '1')), 3)).toEqual({ created: 1, updated: 1 });
  });

  test('stays as a later job wrote it', async () => {
    await replace(read(row('2026-03-01', 's3', '1')), 5);
    await expect(replace(read(row('2026-03-01', 's3', '9')), 4)).rejects.toThrow(SupersededError);
    expect((await list()).totals).toMatchObject([{ amount: '1' }]);
  });

  test('is in parts where it is large, and its old parts go with it', async () => {
    const many = (amount: string) =>
      read(
        ...Array.from({ length: 40_000 }, (_, n) =>
          row('2026-03-01', `service ${(n * 2_654_435_761) % 4_294_967_296}`, `${amount}.${n}1`),
        ),
        row('2026-03-02', 's3', '1'),
      );
    await replace(many('1'), 1);
    const [head] = await readCostDays(table, of, days);
    expect(head?.parts).toBeGreaterThan(1);
    const rows = head === undefined ? [] : await readRows(table, of, head);
    expect(rows).toHaveLength(40_000);
    const parts = async () =>
      (await table.query({ pk: keys.costDays(ref).pk, beginning: 'PART#' })).items.map((item) => item.rows);
    for (const part of await parts()) expect(part instanceof Uint8Array && part.byteLength < 400_000).toBe(true);
    const before = (await parts()).length;
    expect(before).toBe(head?.parts);
    await replace(many('2'), 2);
    expect((await parts()).length).toBe(before);
    expect((await list()).costs).toHaveLength(2);
    // Who read the head before it was replaced finds the new parts.
    if (head !== undefined) expect(await readRows(table, of, head)).toHaveLength(40_000);
    const [small] = (await list(['service'], 1)).costs;
    expect(small?.amount.startsWith('2.')).toBe(true);
    await replace(read(row('2026-03-01', 's3', '1')), 3);
    expect(await parts()).toEqual([]);
  });
});

test('pages follow each other within a day and over days, whatever the limit', async () => {
  const rows = ['2026-03-01', '2026-03-02', '2026-03-03'].flatMap((day) =>
    ['a', 'b', 'c'].map((service) => row(day, service, '1')),
  );
  await replace(read(...rows), 1);
  for (const limit of [1, 2, 3, 4, 9, 100]) {
    const all: string[] = [];
    let after: readonly string[] | undefined;
    do {
      const page = await list(['service'], limit, after);
      all.push(...page.costs.map(({ day, service }) => `${day} ${service}`));
      expect(page.totals).toMatchObject([{ amount: '9' }]);
      after = page.next;
    } while (after !== undefined);
    expect(all).toEqual(rows.map(({ day, service }) => `${day} ${service}`));
  }
});

test('a cloud that bills nobody says so', async () => {
  const page = await listCosts(
    table,
    { ref, source: undefined, now: NOW },
    { days, groups: [] },
    { limit: 9, after: undefined },
  );
  expect(page).toMatchObject({
    standing: { name: undefined, outcome: 'not_enabled', errorCode: 'NO_COSTS' },
    costs: [],
    totals: [],
  });
});

describe('the days of a job', () => {
  const facts: CostFacts = {
    name: 'bill',
    service: 'bill',
    permissions: [],
    firstDays: 90,
    openDays: 3,
    openMonth: false,
  };
  const known = (from: string, through: string): CostSourceItem => ({
    v: 1,
    by: '',
    outcome: 'collected',
    read_at: '',
    from,
    through,
  });
  const at = '2026-03-05T00:00:00.000Z';

  test('are the last 90 at first, and today', () => {
    expect(daysToRead(facts, undefined, at)).toEqual({ from: '2025-12-05', to: '2026-03-06', atATime: 31 });
  });

  test('are later those that may still change, those that were missed, and today', () => {
    expect(daysToRead(facts, known('2025-12-05', '2026-03-04'), at).from).toBe('2026-03-02');
    expect(daysToRead(facts, known('2025-12-05', '2026-01-10'), at).from).toBe('2026-01-08');
    expect(daysToRead({ ...facts, openMonth: true }, known('2025-12-05', '2026-03-02'), at).from).toBe('2026-02-01');
    // Nothing before the first day that is known: what is said to be known must be.
    expect(daysToRead({ ...facts, openMonth: true }, known('2026-02-20', '2026-03-02'), at).from).toBe('2026-02-20');
  });
});

describe('the budget of a month', () => {
  const facts = {
    name: 'bill',
    service: 'bill',
    permissions: [],
    firstDays: 1,
    openDays: 1,
    openMonth: false,
  } as const;
  const clock = { now: () => NOW, sleep: () => Promise.resolve() };
  const spending = (charged: 'calls' | 'bytes' | undefined, calls: number, bytes = 0) =>
    new Spending({ table, clock }, ref, { ...facts, ...(charged === undefined ? {} : { charged }) }, { calls, bytes });
  const spent = () => readSpend(table, ref, 'bill', '2026-03');
  const took = (calls: number, bytes: number) => () => Promise.resolve({ spent: { calls, bytes } });

  test('is reserved before a call, kept where it fails, and no call is made beyond it', async () => {
    const source = spending('calls', 2);
    await source.within(async (most) => {
      expect([most.calls, (await spent()).calls]).toEqual([1, 1]);
      return { spent: { calls: 1, bytes: 0 } };
    });
    await expect(source.within(() => Promise.reject(new RangeError('cut off')))).rejects.toThrow(RangeError);
    expect(await spent()).toEqual({ calls: 2, bytes: 0 });
    let made = false;
    await expect(
      source.within(() => {
        made = true;
        return took(1, 0)();
      }),
    ).rejects.toThrow(BudgetSpentError);
    expect(made).toBe(false);
    await expect(spending('calls', 0).within(took(1, 0))).rejects.toThrow(BudgetSpentError);
  });

  test('in bytes is given by a quarter at most, and what a call did not take is given back', async () => {
    const source = spending('bytes', 0, 1000);
    for (const [most, takes] of [
      [250, 200],
      [250, 250],
      [250, 250],
      [250, 250],
      [50, 40],
      [10, 0],
    ] as const) {
      await source.within((given) => {
        expect(given.bytes).toBe(most);
        return took(0, takes)();
      });
    }
    expect(await spent()).toEqual({ calls: 0, bytes: 990 });
    // Reserved while it is under way, so that a crash does not lose it; a query that fails is not billed.
    const failing = source.within(async () => {
      expect((await spent()).bytes).toBe(1000);
      throw new RangeError('no such table');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect((await spent()).bytes).toBe(990);
  });

  test('is nobody’s business where nothing is charged', async () => {
    await spending(undefined, 0).within(took(3, 3));
    expect(await spent()).toEqual({ calls: 0, bytes: 0 });
  });
});

test('a query that is still under way at the end of a link is gone on with in the next, not begun anew', async () => {
  const facts: CostFacts = { ...SOURCE, charged: 'calls', firstDays: 4 };
  let now = NOW;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const asked: (string | undefined)[] = [];
  // Thirty seconds a wait; done after five.
  const source: CostSource = {
    page: async (span, token) => {
      asked.push(token);
      now += 30_000;
      const waits = Number(token ?? 0) + 1;
      const spent = { calls: 1, bytes: 0 };
      return waits < 6
        ? { rows: [], next: String(waits), spent }
        : { rows: [row(span.from, 's3', '1')], next: undefined, spent };
    },
    classify: () => ({ outcome: 'failed', code: 'BROKEN', retryable: false }),
    close: () => undefined,
  };
  const provider = providerItem.parse({ ...PROVIDER, active_costs: 1 });
  const link = (days: TaskMessage['days']) =>
    collectCosts(
      {
        table,
        clock,
        ref,
        facts,
        budget: { calls: 9, bytes: 0 },
        provider,
        message: { ...MESSAGE, days },
        job: jobItem.parse({
          v: 1,
          job: 1,
          kind: 'costs',
          trigger: 'schedule',
          tasks: 1,
          started_at: new Date(NOW).toISOString(),
        }),
        lease: { held: 'mine', generation: 0, step: 0, task: { v: 1, attempt: 1, generation: 0, step: 0 } },
        fence: new Fence({ table, clock }, ref, 'costs', 1, provider),
        deadline: now + 100_000,
        may: { retry: true, goOn: true },
      },
      source,
    );
  table.put(keys.provider(ref), provider);
  const first = await link(undefined);
  expect(first.again).toEqual({
    why: 'out of time',
    days: { from: '2026-03-01', to: '2026-03-06', atATime: 31, token: '4' },
  });
  const second = await link(first.again?.days);
  expect([second.again, second.failure]).toEqual([undefined, undefined]);
  expect(asked).toEqual([undefined, '1', '2', '3', '4', '5']);
  expect((await list()).totals).toMatchObject([{ amount: '1' }]);
});
