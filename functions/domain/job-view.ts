import { type CallCounts, type JobItem, jobItem, type ProviderItem, type Totals, taskItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { TableReader } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import { readPlan } from './stored-plan.ts';
import { Tally } from './task-report.ts';

/** A job as it stands: progress from its tasks while it runs, its own totals once it is final. */
export interface JobView {
  readonly kind: JobItem['kind'];
  readonly trigger: JobItem['trigger'];
  readonly status: 'queued' | 'running' | NonNullable<JobItem['outcome']>;
  readonly cellsDone: number;
  readonly cellsTotal: number;
  readonly totals: Omit<Totals, 'cells'>;
  /** The ledger of calls: `<service> <operation> <outcome>`; empty once the tasks' rows are gone. */
  readonly calls: CallCounts;
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  readonly error: string | undefined;
}

const NOTHING = { found: 0, created: 0, updated: 0, removed: 0, api_calls: 0 };

/** Reads a job; one that is active but not planned yet is `queued`. Undefined when there is no such job. */
export async function readJobView(
  table: TableReader,
  ref: ProviderRef,
  provider: ProviderItem,
  number: number,
): Promise<JobView | undefined> {
  const item = await table.get(keys.job(ref, number));
  if (item === undefined) {
    if (provider.active_inventory !== number) return undefined;
    return {
      kind: 'inventory',
      trigger: provider.active_trigger ?? 'schedule',
      status: 'queued',
      cellsDone: 0,
      cellsTotal: 0,
      totals: NOTHING,
      calls: {},
      startedAt: provider.active_since ?? provider.created_at,
      finishedAt: undefined,
      error: undefined,
    };
  }
  const job = parseItem(jobItem, item);
  const progress = await readProgress(table, ref, number);
  // A plan goes once two newer ones are stored: then the job is long over, and what it counted is in its totals.
  const planned = job.plan === undefined ? undefined : await readPlan(table, ref, job.plan).catch(() => undefined);
  return {
    kind: job.kind,
    trigger: job.trigger,
    status: job.outcome ?? 'running',
    cellsDone: cellsOf(progress),
    cellsTotal: job.scope === 'all' ? (planned?.cells ?? cellsOf(progress)) : cellsOf(progress),
    totals: job.totals ?? { ...progress.report() },
    calls: progress.calls,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    error: job.error,
  };
}

async function readProgress(table: TableReader, ref: ProviderRef, job: number): Promise<Tally> {
  const all = new Tally();
  for (const item of await queryAll(table, keys.tasks(ref, job))) {
    const task = parseItem(taskItem, item);
    const report = task.report ?? task.progress ?? task.so_far;
    if (report !== undefined) all.addReport(report);
  }
  return all;
}

const cellsOf = ({ cells }: Tally): number => Object.values(cells).reduce((n, count) => n + count, 0);
