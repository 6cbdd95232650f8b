import type { CloudSession, CollectorFacts, Failure } from './cloud.ts';
import type { CloudCalls } from './cloud-calls.ts';
import { OutOfTimeError, SupersededError } from './errors.ts';
import { type ScanItem, scanItem } from './items.ts';
import { jobOfStamp, keys, type ScanId, stampOf } from './keys.ts';
import type { Reading } from './messages.ts';
import { NONE, OneScan, type PlannedScan, resultOf, type ScanContext } from './one-scan.ts';
import { parseItem } from './provider.ts';
import { failedCells, isCollected, readScan, sameCells, unchangedSince } from './scan-row.ts';
import type { ScanResult } from './task-report.ts';

/** How often a scan is begun anew in one link because its list has expired, before it fails. */
const MOST_RESTARTS = 3;

/** What a task has in hand to call a cloud, or the failure that all its scans share. */
export type Calling = { readonly session: CloudSession; readonly calls: CloudCalls } | { readonly failure: Failure };

/** How a scan stands at the end of this link: done, or to be gone on with, from where it says or from its beginning. */
export type ScanEnd =
  | { readonly done: ScanResult }
  | { readonly again: Failure | 'out of time'; readonly reading: Reading | undefined };

/**
 * Works on one scan: reads it, writes what differs. One that stops leaves its rows alone and says why in the ledger,
 * unless it may be tried again later.
 */
export async function workScan(
  context: ScanContext,
  calling: Calling,
  { row, ...scan }: PlannedScan & { readonly row: ScanItem | undefined },
  may: { readonly retry: boolean; readonly goOn: boolean },
): Promise<ScanEnd> {
  const { job } = context.job;
  // An earlier try of this job has committed it and died behind that: what it did stands.
  if (row !== undefined && isCommittedBy(row, job)) return { done: resultOf(row, row.written) };
  if (context.job.scope === 'failed' && row !== undefined && isCollected(row)) return { done: NOTHING_TO_DO };
  const fail = async (failure: Failure, types: readonly string[], version = row?.version ?? 0): Promise<ScanEnd> => ({
    done: await failScan(context, scan, row, { failure, types, version }),
  });
  if ('failure' in calling) return fail(calling.failure, typesOf(context.collectors, row, scan));
  const collector = await calling.session.collector(scan.collector, scan.scope).catch(() => undefined);
  // The plan is older than this deployment, which does not know the collector any more.
  if (collector === undefined)
    return fail(
      { outcome: 'failed', code: 'UNKNOWN_COLLECTOR', retryable: false },
      typesOf(context.collectors, row, scan),
    );

  const began = context.clock.now();
  let one = new OneScan(context, collector, scan, row, readingOf(context, scan, row));
  let end = await one.read(calling.calls);
  for (let n = 0; n < MOST_RESTARTS && end.end === 'failed' && end.failure.restart === true; n += 1) {
    // What was written of it is in the rows, and its mark says that they have to be looked at.
    const now = await readScan(context.table, context.ref, scan.scope, scan.collector);
    one = new OneScan(context, collector, scan, now, undefined);
    end = await one.read(calling.calls);
  }
  const ms = one.ms + context.clock.now() - began;
  if (end.end === 'complete') {
    try {
      return { done: await one.finish(ms) };
    } catch (error) {
      if (!(error instanceof OutOfTimeError)) throw error;
      return { again: 'out of time', reading: await one.handOver({ complete: true, ms }) };
    }
  }
  const at = { token: end.token, complete: false, ms };
  if (end.end === 'out of time') {
    if (!may.goOn) return fail({ outcome: 'failed', code: 'OUT_OF_TIME', retryable: false }, one.types, one.version);
    if (end.token !== undefined) await one.stream();
    return { again: 'out of time', reading: await one.handOver(at) };
  }
  const { failure } = end;
  if (failure.retryable && may.retry && may.goOn) return { again: failure, reading: await one.handOver(at) };
  if (failure.credentialsRejected === true) context.rejected();
  return fail(failure, one.types, one.version);
}

/** Where an earlier link stopped in a scan; undefined where it has to begin anew. */
function readingOf(context: ScanContext, scan: PlannedScan, row: ScanItem | undefined): Reading | undefined {
  const reading = context.message.readings.find((one) => one.scan === scan.index);
  return reading !== undefined && isOurs(row, reading, context.job.job) ? reading : undefined;
}

/** Whether the scan row is as the reading left it, or as a dead worker of the same job marked it since. */
function isOurs(row: ScanItem | undefined, reading: Reading, job: number): boolean {
  if ((row?.version ?? 0) === reading.version) return true;
  return row?.torn !== undefined && jobOfStamp(row.torn) === job;
}

/** A scan that this job has committed before: a worker died after it, and what it did stands. */
export const isCommittedBy = (row: ScanItem, job: number): boolean =>
  row.torn === undefined && row.committed === row.by && jobOfStamp(row.by) === job;

/** Of a scan that is not among those to be tried again. */
const NOTHING_TO_DO: ScanResult = { cells: {}, found: 0, ...NONE };

/** What a scan would have answered: by its collector, or where this deployment does not know that, by its row. */
function typesOf(collectors: readonly CollectorFacts[], row: ScanItem | undefined, scan: ScanId): readonly string[] {
  const known = collectors.find(({ name }) => name === scan.collector)?.types ?? [];
  const types = [...new Set([...known, ...Object.keys(row?.cells ?? {})])];
  return types.length > 0 ? types : [scan.collector];
}

interface Failing {
  readonly failure: Failure;
  readonly types: readonly string[];
  /** Of the scan row, as this worker left it. */
  readonly version: number;
}

/** Says in the ledger that the scan failed; what it held stays. Written only when that differs from last time. */
export async function failScan(
  context: Pick<ScanContext, 'table' | 'ref' | 'job' | 'lease' | 'provider'>,
  scan: ScanId,
  row: ScanItem | undefined,
  { failure, types, version }: Failing,
): Promise<ScanResult> {
  const cells = failedCells(types, row, failure, context.provider.last_full_sync_at);
  const by = stampOf(context.job.job, context.lease.task.attempt);
  if (!sameCells(row?.cells, cells)) {
    const written = await context.table.update(keys.scan(context.ref, scan.scope, scan.collector), {
      set: { v: 1, collector: scan.collector, scope: scan.scope, version: version + 1, by, cells },
      condition: unchangedSince(version),
    });
    const stored = written.item === undefined ? undefined : parseItem(scanItem, written.item);
    if (!written.applied && !(stored?.by === by && sameCells(stored.cells, cells))) {
      throw new SupersededError('The scan row has moved on.');
    }
  }
  return { cells: { [failure.outcome]: types.length }, found: 0, ...NONE };
}
