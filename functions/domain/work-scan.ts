import type { CloudSession, Collector, CollectorFacts, Failure, Unanswered } from './cloud.ts';
import type { CloudCalls } from './cloud-calls.ts';
import type { Assignment } from './collect.ts';
import { OutOfTimeError, SupersededError } from './errors.ts';
import { Digest, fingerprint } from './hashing.ts';
import { type ScanItem, scanItem } from './items.ts';
import { jobOfStamp, keys, type ScanId, stampOf } from './keys.ts';
import type { Lanes } from './lanes.ts';
import type { Reading } from './messages.ts';
import type { Clock, Table } from './ports.ts';
import { parseItem } from './provider.ts';
import { type PagesEnd, readPages } from './read-pages.ts';
import type { Resource } from './resource.ts';
import { cellsOf, countCells, typesOfScan, whyNot } from './scan-cells.ts';
import { failedCells, isCollected, lastComplete, readScan, sameCells, unchangedSince } from './scan-row.ts';
import { isAsStored, ScanStream, type StreamContext } from './scan-stream.ts';
import type { ScanResult } from './task-report.ts';

/** Resources of a scan that are held until its end is known, so that an unchanged one reads nothing but its row. */
const HELD = 256;
/** What the writing of a page is given at least, when the time is over meanwhile. Milliseconds. */
const LAST_PAGE_MS = 5000;
/** How often a scan is begun anew in one link because its list has expired, before it fails. */
const MOST_RESTARTS = 3;
/** Every so many jobs a scan is compared with its rows whatever its fingerprints say. */
const FULL_EVERY = 30;

export interface ScanContext extends Assignment {
  readonly collectors: readonly CollectorFacts[];
  readonly table: Table;
  readonly clock: Clock;
  readonly writes: Lanes;
  readonly outOfTime: () => boolean;
  /** Told when the cloud does not accept the credentials. */
  readonly rejected: () => void;
  /** Told how many resources each page held. */
  readonly read: (resources: number) => Promise<void>;
}

/** What a task has in hand to call a cloud, or the failure that all its scans share. */
export type Calling = { readonly session: CloudSession; readonly calls: CloudCalls } | { readonly failure: Failure };

/** A scan and its place among its task's. */
export interface PlannedScan extends ScanId {
  readonly index: number;
}

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

/** The reading of one scan: held in memory while it is small, streamed from the page on that makes it large. */
class OneScan {
  readonly #context: ScanContext;
  readonly #collector: Collector;
  readonly #scan: PlannedScan;
  readonly #row: ScanItem | undefined;
  readonly #reading: Reading | undefined;
  /** All that it is asked for. */
  readonly types: readonly string[];
  #unanswered: Unanswered | undefined;
  #held: Resource[] = [];
  #stream: ScanStream | undefined;
  /** What was held was not taken whole: whoever goes on reads from the beginning, and skips what was. */
  #cut = false;

  constructor(
    context: ScanContext,
    collector: Collector,
    scan: PlannedScan,
    row: ScanItem | undefined,
    reading: Reading | undefined,
  ) {
    this.#context = context;
    this.#collector = collector;
    this.#scan = scan;
    this.#row = row;
    this.#reading = reading;
    this.types = typesOfScan(collector, row);
  }

  /** Milliseconds that earlier links took. */
  get ms(): number {
    return this.#reading?.ms ?? 0;
  }
  get version(): number {
    return this.#stream?.version ?? this.#row?.version ?? 0;
  }

  async read(calls: CloudCalls): Promise<PagesEnd> {
    const { fence, outOfTime } = this.#context;
    if (this.#reading !== undefined) {
      const context = this.#streamContext();
      const careful = context.triedAfter !== undefined;
      this.#stream = await ScanStream.resume(context, this.#row, this.types, this.#reading, careful);
      if (this.#reading.complete) return { end: 'complete' };
    }
    const pages = { calls, scope: this.#scan.scope, pass: () => fence.pass(), outOfTime };
    return readPages(pages, this.#collector, this.#reading?.token, async ({ resources, next, unanswered }) => {
      await this.#context.read(resources.length);
      if (unanswered !== undefined) this.#unanswered = unanswered;
      if (this.#stream !== undefined) return this.#stream.take(resources, this.#tooLate(), unanswered);
      this.#held.push(...resources);
      if (next !== undefined && this.#held.length > HELD) await this.#open();
    });
  }

  async finish(milliseconds: number): Promise<ScanResult> {
    if (this.#stream === undefined) {
      const { counts, digest } = summary(this.types, this.#held, this.#unanswered);
      const { startedAt, lastFullSyncAt } = this.#streamContext();
      const row = this.#row;
      const cells = cellsOf({ counts, unanswered: this.#unanswered, row, startedAt, lastFullSyncAt });
      if (row !== undefined && !this.#isFull() && isAsStored(row, digest, cells)) return resultOf(row);
    }
    const stream = this.#stream ?? (await this.#open());
    await stream.finish(milliseconds);
    return { ...countCells(stream.cells()), ...stream.written };
  }

  /** Makes a stream of a scan that is small so far: begun anew in each link, a slow one would never end. */
  async stream(): Promise<void> {
    if (this.#stream !== undefined) return;
    await this.#open().catch((error: unknown) => {
      if (!(error instanceof OutOfTimeError)) throw error;
    });
  }

  /** Where a later link goes on; undefined where it is as well to begin anew. */
  async handOver(at: Pick<Reading, 'token' | 'complete' | 'ms'>): Promise<Reading | undefined> {
    const from = this.#cut ? { ...at, token: undefined, complete: false } : at;
    return this.#stream?.handOver({ ...from, scan: this.#scan.index });
  }

  async #open(): Promise<ScanStream> {
    const stream = await ScanStream.open(this.#streamContext(), this.#row, this.types, this.#unanswered);
    this.#stream = stream;
    const held = this.#held;
    this.#held = [];
    this.#cut = true;
    await stream.take(held, this.#tooLate());
    this.#cut = false;
    return stream;
  }

  /** A page that is still being written when the time is over is cut, but not before it had its chance. */
  #tooLate(): () => boolean {
    const { clock, outOfTime } = this.#context;
    const until = clock.now() + LAST_PAGE_MS;
    return () => outOfTime() && clock.now() >= until;
  }

  #isFull(): boolean {
    return this.#context.job.job % FULL_EVERY === 0;
  }

  /** Of an open scan that was complete before, a type that nobody had met was known to have none. */
  #isBaseline(type: string): boolean {
    const cell = this.#row?.cells[type];
    if (cell === undefined && this.#collector.open === true) return this.#row?.committed === undefined;
    return cell?.stamped_at === undefined;
  }

  #streamContext(): StreamContext {
    const { table, fence, ref, job, lease, provider, writes, message, outOfTime } = this.#context;
    const { scope, collector } = this.#scan;
    // The attempt after the one that sent this link is its first: a later one comes after somebody who died in it.
    const tried = this.#reading !== undefined && lease.task.attempt > message.after + 1;
    return {
      table,
      fence,
      ref,
      writes,
      outOfTime,
      scan: { scope, collector },
      stamp: stampOf(job.job, lease.task.attempt),
      startedAt: job.started_at,
      committed: this.#row?.committed ?? '',
      triedAfter: tried ? stampOf(job.job, message.after) : undefined,
      isBaseline: (type) => this.#isBaseline(type),
      lastFullSyncAt: provider.last_full_sync_at,
      lastSeenAt: (type) => lastComplete(this.#row?.cells[type], provider.last_full_sync_at),
      full: this.#isFull(),
    };
  }
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

function summary(types: readonly string[], resources: readonly Resource[], unanswered: Unanswered | undefined) {
  const digest = new Digest();
  const counts: Record<string, number> = Object.fromEntries(types.map((type) => [type, 0]));
  const met = new Set<string>();
  for (const resource of resources) {
    if (whyNot(unanswered, resource.type) !== undefined) continue;
    const print = fingerprint(resource);
    if (met.has(print.hash)) continue;
    met.add(print.hash);
    digest.add(print);
    counts[resource.type] = (counts[resource.type] ?? 0) + 1;
  }
  return { digest: digest.toString(), counts };
}

/** A scan that this job has committed before: a worker died after it, and what it did stands. */
export const isCommittedBy = (row: ScanItem, job: number): boolean =>
  row.torn === undefined && row.committed === row.by && jobOfStamp(row.by) === job;

const NONE = { created: 0, updated: 0, removed: 0 } as const;
/** Of a scan that is not among those to be tried again. */
const NOTHING_TO_DO: ScanResult = { cells: {}, found: 0, ...NONE };

/** The result of a scan that stands as its row says. @param written what this job has written of it. */
export function resultOf(row: ScanItem, written: ScanItem['written'] = NONE): ScanResult {
  return { ...countCells(row.cells), ...written };
}

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
