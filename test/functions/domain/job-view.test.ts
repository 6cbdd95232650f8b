import { beforeEach, expect, test } from 'vitest';
import { packBytes } from '../../../functions/domain/hashing.ts';
import { type ProviderItem, providerItem, type TaskReport } from '../../../functions/domain/items.ts';
import { readJobView } from '../../../functions/domain/job-view.ts';
import { keys } from '../../../functions/domain/keys.ts';
import { listJobs } from '../../../functions/domain/list-jobs.ts';
import { type MemoryTable, memoryTable } from '../../support/memory-table.ts';

/** How far a job is, from rows as workers leave them half-way. */
const ref = { tenant: 'a'.repeat(32), id: 1 };
const START = '2026-01-02T03:04:05.000Z';
const provider: ProviderItem = providerItem.parse({
  v: 1,
  tenant: 't',
  id: 1,
  cloud: 'x',
  name: 'n',
  account: 'a',
  state: 'connected',
  secret: 's',
  last_job: 2,
  active_inventory: 2,
  interval_minutes: 360,
  status: 'synced',
  resource_count: 0,
  complete: true,
  created_at: START,
});

let table: MemoryTable;
beforeEach(() => {
  table = memoryTable();
});

const report = (collected: number, calls: number): TaskReport => ({
  cells: { collected },
  found: collected * 10,
  created: 0,
  updated: 0,
  removed: 0,
  api_calls: calls,
  calls: packBytes({ 'a List ok': calls }),
});
const task = (n: number, parts: { so_far?: TaskReport; progress?: TaskReport; report?: TaskReport }): void =>
  table.put(keys.task(ref, 2, n), { v: 1, attempt: 1, generation: 0, step: 0, ...parts });
const job = (number: number, more: object): void =>
  table.put(keys.job(ref, number), {
    v: 1,
    job: number,
    kind: 'inventory',
    trigger: 'manual',
    plan: 1,
    tasks: 4,
    cells: 8,
    started_at: START,
    ...more,
  });

test('a task at work counts once: what earlier links came to is in what its link says', async () => {
  job(2, { pending: new Set([1, 2, 3]) });
  task(1, { so_far: report(1, 5), progress: report(2, 8) });
  task(2, { so_far: report(1, 3) });
  task(3, {});
  task(4, { report: report(2, 2) });
  expect(await readJobView(table, ref, provider, 2)).toMatchObject({
    status: 'running',
    cellsDone: 5,
    cellsTotal: 8,
    totals: { found: 50, api_calls: 13, cells: { collected: 5 } },
    calls: { 'a List ok': 13 },
  });
});

test('an old job says what it came to, though its tasks are gone', async () => {
  const totals = { cells: { collected: 7, denied: 1 }, found: 70, created: 1, updated: 2, removed: 3, api_calls: 9 };
  job(1, { outcome: 'partial', ended_by: 'join', finished_at: START, totals });
  const view = await readJobView(table, ref, provider, 1);
  expect(view).toMatchObject({ status: 'partial', cellsDone: 8, cellsTotal: 8, totals, calls: {} });
  const listed = await listJobs(
    table,
    ref,
    { ...provider, active_inventory: undefined },
    { limit: 9, after: undefined },
  );
  expect(listed).toEqual({ jobs: [view], next: undefined });
});

test('a job that was stopped says what its workers have reported since, and its own totals once their rows are gone', async () => {
  const totals = { cells: { collected: 1 }, found: 10, created: 0, updated: 0, removed: 0, api_calls: 1 };
  job(2, { outcome: 'cancelled', ended_by: 'outside', pending: new Set([1]), finished_at: START, totals });
  expect(await readJobView(table, ref, provider, 2)).toMatchObject({ cellsDone: 1, cellsTotal: 8, totals });
  task(1, { report: report(2, 3) });
  expect(await readJobView(table, ref, provider, 2)).toMatchObject({
    cellsDone: 2,
    cellsTotal: 8,
    totals: { found: 20, api_calls: 3 },
  });
});

test('two kinds wait side by side, and each is listed once, in its place', async () => {
  const running = { trigger: 'schedule', scope: 'all', since: START, looks: 0 } as const;
  const waiting = { ...provider, last_job: 4, active_inventory: 4, active_costs: 2, running_costs: running };
  job(1, { outcome: 'succeeded', ended_by: 'join', finished_at: START });
  job(3, { outcome: 'cancelled', ended_by: 'outside', finished_at: START });
  for (const limit of [1, 2, 3, 9]) {
    const all: string[] = [];
    let after: readonly string[] | undefined;
    do {
      const page = await listJobs(table, ref, waiting, { limit, after });
      expect(page.jobs.length).toBeLessThanOrEqual(limit);
      all.push(...page.jobs.map(({ number, kind, status }) => `${number} ${kind} ${status}`));
      after = page.next;
    } while (after !== undefined);
    expect(all).toEqual(['4 inventory queued', '3 inventory cancelled', '2 costs queued', '1 inventory succeeded']);
  }
  expect(await readJobView(table, ref, waiting, 2)).toMatchObject({
    kind: 'costs',
    trigger: 'schedule',
    startedAt: START,
  });
});
