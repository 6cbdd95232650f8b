import { CursorError } from './errors.ts';
import { jobItem, type ProviderItem } from './items.ts';
import { type JobView, queuedJob, saysItsTotals, viewOf } from './job-view.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { PageRequest } from './page.ts';
import type { TableReader } from './ports.ts';
import { parseItem } from './provider.ts';
import { readReports } from './task-report.ts';

export interface JobPage {
  readonly jobs: readonly JobView[];
  /** Number of the last job, when there are older ones. */
  readonly next: readonly [string] | undefined;
}

/** Jobs newest first, with the one that is queued and has no row yet. @throws CursorError for a position that is none. */
export async function listJobs(
  table: TableReader,
  ref: ProviderRef,
  provider: ProviderItem,
  page: PageRequest,
): Promise<JobPage> {
  const before = numberOf(page.after);
  const after = before === undefined ? undefined : keys.job(ref, before).sk;
  const { items } = await table.query({ ...keys.jobs(ref), newestFirst: true, after, limit: page.limit + 1 });
  const rows = items.map((item) => parseItem(jobItem, item));
  const active = before === undefined ? provider.active_inventory : undefined;
  // The newest number of all is the active one's; with a row it is among the others.
  const isQueued = active !== undefined && !rows.some(({ job }) => job === active);
  const queued = isQueued ? queuedJob(provider, active) : undefined;
  const shown = rows.slice(0, page.limit - (queued === undefined ? 0 : 1));
  const views = await Promise.all(
    shown.map(async (job) => viewOf(job, saysItsTotals(job) ? undefined : await readReports(table, ref, job))),
  );
  const jobs = queued === undefined ? views : [queued, ...views];
  const last = jobs.at(-1);
  const isMore = shown.length < rows.length;
  return { jobs, next: isMore && last !== undefined ? [String(last.number)] : undefined };
}

function numberOf(position: readonly string[] | undefined): number | undefined {
  if (position === undefined) return undefined;
  const number = Number(position[0]);
  if (!/^[1-9][0-9]{0,15}$/.test(position[0] ?? '') || !Number.isSafeInteger(number)) throw new CursorError();
  return number;
}
