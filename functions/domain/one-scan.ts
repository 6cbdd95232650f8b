import type { Assignment } from './assignment.ts';
import type { Collector, CollectorFacts, Unanswered } from './cloud.ts';
import type { CloudCalls } from './cloud-calls.ts';
import { OutOfTimeError } from './errors.ts';
import { Digest, fingerprint } from './hashing.ts';
import type { ScanItem } from './items.ts';
import { type ScanId, stampOf } from './keys.ts';
import type { Lanes } from './lanes.ts';
import type { Reading } from './messages.ts';
import type { Clock, Table } from './ports.ts';
import { type PagesEnd, readPages } from './read-pages.ts';
import type { Resource } from './resource.ts';
import { cellsOf, countCells, typesOfScan, whyNot } from './scan-cells.ts';
import { lastComplete } from './scan-row.ts';
import { isAsStored, ScanStream, type StreamContext } from './scan-stream.ts';
import type { ScanResult } from './task-report.ts';

/** Resources of a scan that are held until its end is known, so that an unchanged one reads nothing but its row. */
const HELD = 256;
/** What the writing of a page is given at least, when the time is over meanwhile. Milliseconds. */
const LAST_PAGE_MS = 5000;
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

/** A scan and its place among its task's. */
export interface PlannedScan extends ScanId {
  readonly index: number;
}

/** The reading of one scan: held in memory while it is small, streamed from the page on that makes it large. */
export class OneScan {
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

export const NONE = { created: 0, updated: 0, removed: 0 } as const;
/** The result of a scan that stands as its row says. @param written what this job has written of it. */
export function resultOf(row: ScanItem, written: ScanItem['written'] = NONE): ScanResult {
  return { ...countCells(row.cells), ...written };
}
