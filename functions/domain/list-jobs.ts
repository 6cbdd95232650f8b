import { CursorError } from './errors.ts';
import { jobItem, type ProviderItem } from './items.ts';
import { type JobView, queuedJob, saysItsTotals, viewOf } from './job-view.ts';
import { keys, type ProviderRef } from './keys.ts';
import { JOB_KINDS } from './messages.ts';
import { ofKind } from './of-kind.ts';
import type { PageRequest } from './page.ts';
import type { TableReader } from './ports.ts';
import { parseItem } from './provider.ts';
import { readReports } from './task-report.ts';

export interface JobPage {
  readonly jobs: readonly JobView[];
  /** Number of the last job, when there are older ones. */
  readonly next: readonly [string] | undefined;
}

/** Jobs newest first, with those that are queued and have no row yet. @throws CursorError for a position that is none. */
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
  // An active one that has a row is among the others; one below all that were read is for a later page.
  const queued = JOB_KINDS.flatMap((kind) => ofKind(provider, kind).active ?? []).filter(
    (active) => (before === undefined || active < before) && !rows.some(({ job }) => job === active),
  );
  const byNumber = new Map(rows.map((job) => [job.job, job]));
  const numbers = [...byNumber.keys(), ...queued].sort((a, b) => b - a);
  const shown = await Promise.all(
    numbers.slice(0, page.limit).map(async (number) => {
      const job = byNumber.get(number);
      if (job === undefined) return queuedJob(provider, number);
      return viewOf(job, saysItsTotals(job) ? undefined : await readReports(table, ref, job));
    }),
  );
  const jobs = shown.flatMap((view) => view ?? []);
  const last = jobs.at(-1);
  const isMore = numbers.length > page.limit;
  return { jobs, next: isMore && last !== undefined ? [String(last.number)] : undefined };
}

function numberOf(position: readonly string[] | undefined): number | undefined {
  if (position === undefined) return undefined;
  const number = Number(position[0]);
  if (!/^[1-9][0-9]{0,15}$/.test(position[0] ?? '') || !Number.isSafeInteger(number)) throw new CursorError();
  return number;
}
