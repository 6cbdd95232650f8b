import {
  type CallCounts,
  type CellCounts,
  type JobItem,
  jobItem,
  type ProviderItem,
  type Totals,
  taskItem,
} from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { TableReader } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import { Tally } from './task-report.ts';

/** A job as it stands: progress from its tasks while it runs, its own totals once it is final. */
export interface JobView {
  readonly number: number;
  readonly kind: JobItem['kind'];
  readonly trigger: JobItem['trigger'];
  readonly scope: JobItem['scope'];
  readonly status: 'queued' | 'running' | NonNullable<JobItem['outcome']>;
  readonly cellsDone: number;
  /** Of a job that retries what failed: those that it reads again. 0 where it was not planned. */
  readonly cellsTotal: number;
  readonly totals: Totals;
  /** The ledger of calls: `<service> <operation> <outcome>`; empty once the tasks' rows are gone. */
  readonly calls: CallCounts;
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  readonly error: string | undefined;
}

/** Reads a job and its ledger of calls. Undefined when there is no such job. */
export async function readJobView(
  table: TableReader,
  ref: ProviderRef,
  provider: ProviderItem,
  number: number,
): Promise<JobView | undefined> {
  const item = await table.get(keys.job(ref, number));
  if (item === undefined) return queuedJob(provider, number);
  return viewOf(parseItem(jobItem, item), await readProgress(table, ref, number));
}

/** A job that is active and has no row yet: its request waits in the queue. */
export function queuedJob(provider: ProviderItem, number: number): JobView | undefined {
  if (provider.active_inventory !== number) return undefined;
  return {
    number,
    kind: 'inventory',
    trigger: provider.active_trigger ?? 'schedule',
    scope: provider.active_scope ?? 'all',
    status: 'queued',
    cellsDone: 0,
    cellsTotal: 0,
    totals: totalsOf(new Tally()),
    calls: {},
    startedAt: provider.active_since ?? provider.created_at,
    finishedAt: undefined,
    error: undefined,
  };
}

/**
 * Sums what a job's tasks say; undefined where there are none (any more). Of one task only one counts: its report, else
 * how far its link is, which has in it what earlier links came to, else that.
 */
export async function readProgress(table: TableReader, ref: ProviderRef, job: number): Promise<Tally | undefined> {
  const tally = new Tally();
  const tasks = await queryAll(table, keys.tasks(ref, job));
  for (const item of tasks) {
    const task = parseItem(taskItem, item);
    const report = task.report ?? task.progress ?? task.so_far;
    if (report !== undefined) tally.addReport(report);
  }
  return tasks.length > 0 ? tally : undefined;
}

/**
 * Whether a job's own totals are the whole truth: where it has ended by itself. Of one that was stopped, workers may still
 * have said what the page in flight came to, so that its tasks know more for as long as their rows are kept.
 */
export const saysItsTotals = (job: JobItem): boolean => job.totals !== undefined && job.ended_by === 'join';

/** @param progress what its tasks say; undefined where nobody needs to ask them, or they are gone. */
export function viewOf(job: JobItem, progress: Tally | undefined): JobView {
  const said = progress === undefined ? undefined : totalsOf(progress);
  const totals = (saysItsTotals(job) ? job.totals : (said ?? job.totals)) ?? totalsOf(new Tally());
  const done = cellsIn(totals.cells);
  return {
    number: job.job,
    kind: job.kind,
    trigger: job.trigger,
    scope: job.scope,
    status: job.outcome ?? 'running',
    cellsDone: done,
    cellsTotal: Math.max(job.cells ?? 0, done),
    totals,
    calls: progress?.calls ?? {},
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    error: job.error,
  };
}

const totalsOf = ({ cells, found, created, updated, removed, apiCalls }: Tally): Totals => ({
  cells: { ...cells },
  found,
  created,
  updated,
  removed,
  api_calls: apiCalls,
});

const cellsIn = (cells: CellCounts): number => Object.values(cells).reduce((n, count) => n + count, 0);
