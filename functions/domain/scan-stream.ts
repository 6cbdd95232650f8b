import { ChangeLog } from './change-log.ts';
import type { Unanswered } from './cloud.ts';
import { OutOfTimeError, SupersededError } from './errors.ts';
import { type Fence, FencedOffError } from './fence.ts';
import { Digest, fingerprint, unpackResource } from './hashing.ts';
import { type CellItem, type ResourceItem, resourceItem, type ScanItem } from './items.ts';
import { keepPrints } from './keep-prints.ts';
import { keys, placeOfResource } from './keys.ts';
import type { Reading, Run } from './messages.ts';
import { Fresh, Known } from './print-lookups.ts';
import { Entries, merge, partsOf, wordsOf } from './prints.ts';
import { parseItem } from './provider.ts';
import { contentWords, fingerprintsOfRows, idOfRow, pagesOfRows, rowsOfPrint } from './read-rows.ts';
import type { Resource } from './resource.ts';
import { cellsOf, whyNot } from './scan-cells.ts';
import { commitScan, markScan, sameCells, tearScan } from './scan-row.ts';
import { dropRuns, PER_ITEM, readRuns, writeRun } from './stored-prints.ts';
import {
  type Found,
  planFound,
  planGone,
  type RowContext,
  type RowPlan,
  retold,
  tell,
  type Written,
} from './write-rows.ts';

/**
 * Resources of a page that are compared, and rows that are written, between two looks at the fence and the clock: 64
 * scans at a time must come to an end within the checkpoint, also with a slow table.
 */
const ROWS_PER_PART = 25;
/** Resources that vanished are looked up one by one up to here, and by reading all rows beyond. */
const FEW = 100;
/** So many of those at a time. */
const LOOKED_UP = 20;

export interface StreamContext extends RowContext {
  readonly fence: Fence;
  /** Whether the invocation must come to its end. */
  readonly outOfTime: () => boolean;
  readonly lastFullSyncAt: string | undefined;
  /** Whether to compare with the rows though nothing demands it: once in thirty jobs. */
  readonly full: boolean;
}

/**
 * Writes a scan while it is read: each page is compared with what is known and only what differs is written. It keeps a
 * page, the known fingerprints and what is new to them; never the resources. The order of its writes is that of
 * data-and-flows.md: the mark, rows, change packs, fingerprints, the scan row.
 */
export class ScanStream {
  readonly #context: StreamContext;
  readonly #row: ScanItem | undefined;
  readonly #types: readonly string[];
  readonly #log: ChangeLog;
  readonly #digest: Digest;
  readonly #counts: Record<string, number>;
  readonly #written: Record<keyof Written, number>;
  #fresh = new Fresh();
  /** Runs that this scan has written in earlier links, and how many of the fresh entries they hold. */
  #freshRuns: readonly Run[] = [];
  #stored = 0;
  #known = new Known(new Entries());
  #knownRuns: readonly Run[] = [];
  /** Nothing is stored for the scan at all. */
  #blank = false;
  #careful = false;
  #unanswered: Unanswered | undefined;
  #version: number;
  #mark: string | undefined;

  private constructor(context: StreamContext, row: ScanItem | undefined, types: readonly string[], reading?: Reading) {
    this.#context = context;
    this.#row = row;
    // Also types that only the row knows: what stands under them is compared as well.
    this.#types = [...new Set([...types, ...Object.keys(row?.cells ?? {})])];
    this.#log = new ChangeLog(context.table, context.ref, context.scan, reading?.packs);
    this.#digest = new Digest(reading?.digest);
    this.#counts = { ...Object.fromEntries(types.map((type) => [type, 0])), ...reading?.counts };
    this.#written = { created: 0, updated: 0, removed: 0, ...reading?.written };
    this.#unanswered = reading?.unanswered;
    this.#version = reading?.version ?? row?.version ?? 0;
    this.#mark = reading?.mark;
  }

  /** Begins a scan with what is stored of it. */
  static async open(
    context: StreamContext,
    row: ScanItem | undefined,
    types: readonly string[],
    unanswered: Unanswered | undefined,
  ): Promise<ScanStream> {
    const stream = new ScanStream(context, row, types);
    stream.#unanswered = unanswered;
    const nothing = row === undefined || (row.torn === undefined && row.committed === undefined);
    if (nothing) stream.#blank = true;
    else if (row.torn !== undefined || row.prints === undefined || context.full || stream.#knowsTooLittle(row))
      await stream.#readRows();
    else {
      stream.#knownRuns = row.prints;
      stream.#known = new Known(await readRuns(context.table, context.ref, context.scan, row.prints));
    }
    return stream;
  }

  /** Goes on where an earlier link stopped. @param careful whether that link may have been begun before. */
  static async resume(
    context: StreamContext,
    row: ScanItem | undefined,
    types: readonly string[],
    reading: Reading,
    careful: boolean,
  ): Promise<ScanStream> {
    const stream = new ScanStream(context, row, types, reading);
    const { table, ref, scan } = context;
    // A dead worker of this link may have put the mark on the row: it is of this job, and its version is taken.
    if (row !== undefined && row.version !== reading.version) {
      stream.#version = row.version;
      stream.#mark = row.torn;
    }
    stream.#blank = reading.blank;
    stream.#careful = careful || reading.careful || row?.version !== reading.version;
    stream.#knownRuns = reading.known;
    stream.#known = new Known(await readRuns(table, ref, scan, reading.known), reading.seen);
    stream.#freshRuns = reading.fresh;
    stream.#fresh = new Fresh(reading.fresh.reduce((n, { entries }) => n + entries, 0));
    // One after another: laid over each other they would be in memory twice.
    for (const run of reading.fresh) {
      const fresh = await readRuns(table, ref, scan, [run]);
      for (let n = 0; n < fresh.length; n += 1) stream.#fresh.put(...fresh.words(n));
    }
    stream.#stored = stream.#fresh.entries.length;
    return stream;
  }

  get version(): number {
    return this.#version;
  }
  get found(): number {
    return Object.values(this.#counts).reduce((n, count) => n + count, 0);
  }
  get written(): Written {
    return this.#written;
  }

  /**
   * Takes one page. @param tooLate asked within it; when it says so, whoever reads the page again takes the rest.
   * @throws OutOfTimeError then; SupersededError, FencedOffError: the scan is marked torn again where it must be.
   */
  async take(
    resources: readonly Resource[],
    tooLate: () => boolean = () => false,
    unanswered: Unanswered | undefined = this.#unanswered,
  ): Promise<void> {
    this.#unanswered = unanswered;
    for (let from = 0; from < resources.length; from += ROWS_PER_PART) {
      if (from > 0 && tooLate()) throw new OutOfTimeError();
      const candidates = this.#compared(resources.slice(from, from + ROWS_PER_PART));
      if (candidates.length === 0) continue;
      const rows = await this.#rowsOf(candidates);
      await this.#write(candidates.map((one, n) => planFound(this.#context, one, rows[n])));
    }
  }

  /** Those whose rows are to be looked at; all are known as met from now on. */
  #compared(resources: readonly Resource[]): readonly Found[] {
    const candidates: Found[] = [];
    for (const resource of resources) {
      if (!this.#answers(resource.type)) continue;
      const print = fingerprint(resource);
      const id = wordsOf(print.id);
      const content = contentWords(print.content);
      const at = this.#known.find(...id);
      // A page that repeats a resource does not double it.
      if (at >= 0 ? this.#known.isSeen(at) : this.#fresh.find(...id) >= 0) continue;
      const same = at >= 0 && this.#known.entries.hasContent(at, ...content);
      if (at >= 0) this.#known.see(at);
      if (!same) this.#fresh.put(...id, ...content);
      if (!same || this.#careful) candidates.push({ resource, print });
      this.#digest.add(print);
      this.#counts[resource.type] = (this.#counts[resource.type] ?? 0) + 1;
    }
    return candidates;
  }

  /** Everything was read: removes what is gone, and commits. @throws OutOfTimeError: hand it over and finish it there. */
  async finish(milliseconds: number): Promise<void> {
    if (this.#isUnchanged()) return;
    const { table, ref, scan } = this.#context;
    await this.#prune();
    await this.#log.flush();
    if (this.#careful || this.#row?.torn !== undefined) await this.#log.trim();
    const prints = await keepPrints(this.#context, this.found, {
      known: this.#known,
      knownRuns: this.#knownRuns,
      fresh: this.#fresh.entries,
      freshRuns: this.#freshRuns,
      stored: this.#stored,
    });
    const stale = this.#row?.prints !== undefined || this.#freshRuns.length > 0 || this.#row?.torn !== undefined;
    await this.#guard(() =>
      commitScan(this.#context, this.#version, {
        digest: this.#digest.toString(),
        cells: this.cells(),
        gaps: this.#types.some((type) => !this.#answers(type)) ? true : undefined,
        prints,
        written: this.#written,
        duration_ms: Math.round(milliseconds),
      }),
    );
    if (stale) await dropRuns(table, ref, scan, prints);
  }

  /** Everything that a later link needs to go on. What it must find in the table is written first. */
  async handOver(at: Pick<Reading, 'scan' | 'token' | 'complete' | 'ms'>): Promise<Reading> {
    const { table, ref, scan, stamp } = this.#context;
    await this.#log.flush();
    const { entries } = this.#fresh;
    const fresh = { entries, order: entries.order(this.#stored) };
    const own = await writeRun(table, ref, scan, stamp, partsOf(fresh, PER_ITEM));
    const known =
      this.#knownRuns.length > 0
        ? this.#knownRuns
        : await writeRun(table, ref, scan, `${stamp}-known`, partsOf(this.#known, PER_ITEM));
    return {
      ...at,
      version: this.#version,
      mark: this.#mark,
      blank: this.#blank,
      careful: this.#careful,
      digest: this.#digest.toString(),
      counts: this.#counts,
      unanswered: this.#unanswered,
      written: this.#written,
      known: [...known],
      fresh: [...this.#freshRuns, ...own],
      seen: this.#known.seen,
      packs: this.#log.packs,
    };
  }

  /** Compares with the rows themselves: those of a worker that did not commit tell the history what it did. */
  async #readRows(): Promise<void> {
    const { table, ref, scan, committed } = this.#context;
    let all = new Entries();
    for (const type of this.#types.filter((one) => this.#answers(one))) {
      const ofType = await fingerprintsOfRows(table, ref, scan, type, committed, async (row) => {
        const of = { resource: unpackResource(type, row.doc).resource, hash: placeOfResource(row.sk).hash };
        const told = retold(this.#context, type, row, committed);
        await tell(this.#log, [{ ...told, write: undefined, of }], this.#written);
      });
      all = merge(all, ofType.sorted());
    }
    this.#known = new Known(all);
  }

  async #rowsOf(page: readonly Found[]): Promise<readonly (ResourceItem | undefined)[]> {
    if (this.#blank && !this.#careful) return [];
    const { table, ref, scan } = this.#context;
    const items = await table.getMany(
      page.map(({ resource, print }) => keys.resource(ref, resource.type, scan.scope, print.hash)),
    );
    return items.map((item) => (item === undefined ? undefined : parseItem(resourceItem, item)));
  }

  async #write(plans: readonly RowPlan[]): Promise<void> {
    const writes = plans.flatMap(({ write }) => (write === undefined ? [] : [write]));
    if (writes.length > 0) {
      await this.#guard(async () => {
        await this.#markOnce();
        await this.#context.fence.pass();
        const done = await Promise.allSettled(writes.map((write) => this.#context.writes.run('', write)));
        // All of the page have ended before anything else is written: nothing runs on behind an error.
        for (const one of done) if (one.status === 'rejected') throw one.reason;
      });
    }
    await tell(this.#log, plans, this.#written);
  }

  async #markOnce(): Promise<void> {
    if (this.#mark !== undefined) return;
    this.#version = await markScan(this.#context, this.#version);
    this.#mark = this.#context.stamp;
  }

  /** Who has marked the scan and must stop leaves it marked, so that the next one compares with the rows. */
  async #guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const stopped = error instanceof FencedOffError || error instanceof SupersededError;
      if (stopped && this.#mark !== undefined) await tearScan(this.#context, this.#mark);
      throw error;
    }
  }

  #isUnchanged(): boolean {
    const row = this.#row;
    if (this.#mark !== undefined || this.#careful || this.#known.missing > 0 || this.#fresh.entries.length > 0)
      return false;
    return row !== undefined && isAsStored(row, this.#digest.toString(), this.cells());
  }

  /** A type is answered now that was not when the fingerprints were written: they do not know what it held. */
  #knowsTooLittle({ gaps, cells }: ScanItem): boolean {
    if (gaps !== true) return false;
    return Object.entries(cells).some(([type, { outcome }]) => outcome !== 'collected' && this.#answers(type));
  }

  #answers(type: string): boolean {
    return whyNot(this.#unanswered, type) === undefined;
  }

  async #prune(): Promise<void> {
    const { table, ref, scan } = this.#context;
    if (this.#known.missing === 0 && !this.#careful) return;
    // What a type that is not answered held is neither there nor gone.
    const types = this.#types.filter((type) => this.#answers(type));
    if (this.#careful || this.#known.missing > FEW) {
      for (const type of types) {
        for await (const rows of pagesOfRows(table, ref, scan, type)) {
          const gone = rows.filter(({ sk }) => !this.#exists(sk));
          await this.#remove(type, gone);
        }
      }
      return;
    }
    const missing: number[] = [];
    this.#known.each(false, (n) => missing.push(n));
    const { entries } = this.#known;
    for (const type of types) {
      for (let from = 0; from < missing.length; from += LOOKED_UP) {
        const some = missing.slice(from, from + LOOKED_UP);
        const rows = await Promise.all(
          some.map((n) => rowsOfPrint(table, ref, scan, type, entries.high(n), entries.low(n))),
        );
        await this.#remove(type, rows.flat());
      }
    }
  }

  #exists(sk: string): boolean {
    const id = idOfRow(sk);
    const at = this.#known.find(...id);
    return at >= 0 ? this.#known.isSeen(at) : this.#fresh.find(...id) >= 0;
  }

  async #remove(type: string, rows: readonly ResourceItem[]): Promise<void> {
    for (let from = 0; from < rows.length; from += ROWS_PER_PART) {
      if (this.#context.outOfTime()) throw new OutOfTimeError();
      await this.#write(rows.slice(from, from + ROWS_PER_PART).map((row) => planGone(this.#context, type, row)));
    }
  }

  /** What the ledger says of it, once it was read to its end. */
  cells(): Record<string, CellItem> {
    const { startedAt, lastFullSyncAt } = this.#context;
    return cellsOf({ counts: this.#counts, unanswered: this.#unanswered, row: this.#row, startedAt, lastFullSyncAt });
  }
}

/** Whether a complete scan came to just what its row says: then nothing is written. */
export const isAsStored = (row: ScanItem, digest: string, cells: Readonly<Record<string, CellItem>>): boolean =>
  row.torn === undefined && row.digest === digest && sameCells(row.cells, cells);
