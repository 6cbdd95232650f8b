import { type CallCounts, type CellCounts, type JobItem, jobItem, type ProviderItem, type Totals } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { kindOfActive, ofKind } from './of-kind.ts';
import type { TableReader } from './ports.ts';
import { parseItem } from './provider.ts';
import { readReports, Tally } from './task-report.ts';

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
  const job = parseItem(jobItem, item);
  return viewOf(job, await readReports(table, ref, job));
}

/** A job that is active and has no row yet: its request waits in the queue. */
export function queuedJob(provider: ProviderItem, number: number): JobView | undefined {
  const kind = kindOfActive(provider, number);
  if (kind === undefined) return undefined;
  const { running } = ofKind(provider, kind);
  return {
    number,
    kind,
    trigger: running?.trigger ?? 'schedule',
    scope: running?.scope ?? 'all',
    status: 'queued',
    cellsDone: 0,
    cellsTotal: 0,
    totals: new Tally().totals(),
    calls: {},
    startedAt: running?.since ?? provider.created_at,
    finishedAt: undefined,
    error: undefined,
  };
}

/**
 * Whether a job's own totals are the whole truth: where it has ended by itself. Of one that was stopped, workers may still
 * have said what the page in flight came to, so that its tasks know more for as long as their rows are kept.
 */
export const saysItsTotals = (job: JobItem): boolean => job.totals !== undefined && job.ended_by === 'join';

/** @param progress what its tasks say; undefined where nobody needs to ask them, or they are gone. */
export function viewOf(job: JobItem, progress: Tally | undefined): JobView {
  const said = progress?.totals();
  const totals = (saysItsTotals(job) ? job.totals : (said ?? job.totals)) ?? new Tally().totals();
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
    calls: progress?.calls ?? job.calls ?? {},
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    error: job.error,
  };
}

const cellsIn = (cells: CellCounts): number => Object.values(cells).reduce((n, count) => n + count, 0);
