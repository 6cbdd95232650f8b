import type { CloudSession, Collector, Failure } from './cloud.ts';
import type { Assignment } from './collect.ts';
import type { ScanItem, ScanReport } from './items.ts';
import { scanItem } from './items.ts';
import { keys, stampOf } from './keys.ts';
import type { Lanes } from './lanes.ts';
import type { Table } from './ports.ts';
import { parseItem } from './provider.ts';
import { type Complete, readScanPages } from './read-scan.ts';
import { failedCells, readScan, sameCells, unchangedSince } from './scan-row.ts';
import { SupersededError, type Written, writeScan } from './write-scan.ts';

export interface ScanContext extends Assignment {
  readonly table: Table;
  readonly lanes: Lanes;
  readonly outOfTime: () => boolean;
  /** Told when the cloud does not accept the credentials. */
  readonly rejected: () => void;
}

export interface ScanName {
  readonly collector: string;
  readonly scope: string;
}

const NOTHING: Written = { created: 0, updated: 0, removed: 0 };

/**
 * Reads one scan and writes what differs; a scan that stops leaves its rows alone and says why in the ledger.
 * @returns its report, or the fault for which it should be tried again later (only while `mayRetry`).
 */
export async function workScan(
  context: ScanContext,
  session: CloudSession | Failure,
  name: ScanName,
  mayRetry: boolean,
): Promise<ScanReport | { readonly retry: Failure }> {
  const row = await readScan(context.table, context.ref, name.scope, name.collector);
  if (context.job.scope === 'failed' && row !== undefined && isCollected(row)) {
    return collectedReport(name, row);
  }
  if ('outcome' in session) return failScan(context, name, row, { failure: session, types: typesOf(row, name) });
  const collector = await session.collector(name.collector, name.scope).catch(() => undefined);
  if (collector === undefined) {
    // The plan is older than this deployment, which does not know the collector any more.
    const failure = { outcome: 'failed', code: 'UNKNOWN_COLLECTOR', retryable: false } as const;
    return failScan(context, name, row, { failure, types: typesOf(row, name) });
  }
  const ports = { lanes: context.lanes, outOfTime: context.outOfTime, pass: () => context.fence.pass() };
  const read = await readScanPages(ports, session, collector);
  if (!read.ok) {
    if (read.failure.retryable && mayRetry) return { retry: read.failure };
    if (read.failure.credentialsRejected === true) context.rejected();
    return failScan(context, name, row, { failure: read.failure, types: collector.types, calls: read.calls });
  }
  const written = isUnchanged(row, collector, read) ? NOTHING : await writeScan(writeContext(context, name), row, read);
  const found = [...read.found.values()].reduce((n, ofType) => n + ofType.size, 0);
  return {
    scan: `${name.scope}#${name.collector}`,
    outcome: 'collected',
    cells: read.found.size,
    found,
    ...written,
    api_calls: read.calls,
  };
}

const isCollected = (row: ScanItem): boolean =>
  row.torn === undefined &&
  Object.keys(row.cells).length > 0 &&
  Object.values(row.cells).every((cell) => cell.outcome === 'collected');

/** A scan that this job has committed before: a worker died after it, and what it did stands. */
export const isCommittedBy = (row: ScanItem, job: number): boolean =>
  isCollected(row) && row.by > stampOf(job, 0) && row.by < stampOf(job + 1, 0);

/** The report of a scan that stands as its row says, without a call. */
export const collectedReport = (name: ScanName, row: ScanItem): ScanReport =>
  reportOf(name, row, { outcome: 'collected', found: countOf(row), calls: 0, written: NOTHING });

const countOf = (row: ScanItem): number => Object.values(row.cells).reduce((n, cell) => n + cell.count, 0);

const typesOf = (row: ScanItem | undefined, name: ScanName): readonly string[] =>
  row === undefined || Object.keys(row.cells).length === 0 ? [name.collector] : Object.keys(row.cells);

/** Not torn, the same digest, and every type of the collector collected last time: then nothing is written. */
function isUnchanged(row: ScanItem | undefined, collector: Collector, read: Complete): boolean {
  if (row === undefined || row.digest !== read.digest || !isCollected(row)) return false;
  return collector.types.every((type) => row.cells[type] !== undefined);
}

function writeContext(context: ScanContext, name: ScanName) {
  const { table, fence, ref, job, lease, provider } = context;
  const stamp = stampOf(job.job, lease.task.attempt);
  return { table, fence, ref, ...name, stamp, startedAt: job.started_at, lastFullSyncAt: provider.last_full_sync_at };
}

interface Failing {
  readonly failure: Failure;
  readonly types: readonly string[];
  readonly calls?: number;
}

/** Says in the ledger that the scan failed; what it held stays. Written only when that differs from last time. */
export async function failScan(
  context: Pick<ScanContext, 'table' | 'ref' | 'job' | 'lease' | 'provider'>,
  name: ScanName,
  row: ScanItem | undefined,
  { failure, types, calls }: Failing,
): Promise<ScanReport> {
  const cells = failedCells({ types }, row, failure, context.provider.last_full_sync_at);
  const version = row?.version ?? 0;
  const by = stampOf(context.job.job, context.lease.task.attempt);
  if (!sameCells(row?.cells, cells)) {
    const written = await context.table.update(keys.scan(context.ref, name.scope, name.collector), {
      set: { v: 1, collector: name.collector, scope: name.scope, version: version + 1, by, cells },
      condition: unchangedSince(version),
    });
    const stored = written.item === undefined ? undefined : parseItem(scanItem, written.item);
    if (!written.applied && !(stored?.by === by && sameCells(stored.cells, cells))) {
      throw new SupersededError('The scan row has moved on.');
    }
  }
  const result = { outcome: failure.outcome, found: 0, calls: calls ?? 0, written: NOTHING };
  return { ...reportOf(name, row, result), cells: types.length };
}

function reportOf(
  name: ScanName,
  row: ScanItem | undefined,
  result: { outcome: ScanReport['outcome']; found: number; calls: number; written: Written },
): ScanReport {
  return {
    scan: `${name.scope}#${name.collector}`,
    outcome: result.outcome,
    cells: Object.keys(row?.cells ?? {}).length,
    found: result.found,
    ...result.written,
    api_calls: result.calls,
  };
}
