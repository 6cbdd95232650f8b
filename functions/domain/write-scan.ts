import { absent, allOf, anyOf, below, present } from './conditions.ts';
import type { Fence } from './fence.ts';
import { FencedOffError } from './fence.ts';
import { packResource } from './hashing.ts';
import { type CellItem, resourceItem, type ScanItem, scanItem } from './items.ts';
import { keys, type ProviderRef, placeOfResource } from './keys.ts';
import type { Change, Table } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import type { Complete, Found } from './read-scan.ts';
import { lastComplete, unchangedSince } from './scan-row.ts';

/** Rows written at a time, and between two looks at the fence. */
const ROWS_PER_PAGE = 25;

/** Somebody with a higher stamp, or another version of the scan row, is at work: this worker must stop. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

export interface WriteContext {
  readonly table: Table;
  readonly fence: Fence;
  readonly ref: ProviderRef;
  readonly scope: string;
  readonly collector: string;
  /** Who writes: `stampOf(job, attempt)`. */
  readonly stamp: string;
  /** The job's start: every time that it stores. */
  readonly startedAt: string;
  /** Of the provider: when a row that says nothing was last seen. */
  readonly lastFullSyncAt: string | undefined;
}

interface RowChange {
  readonly type: string;
  readonly hash: string;
  /** Absent for a resource that is gone. */
  readonly found: Found | undefined;
  /** When its cell was last complete before this scan: that is when a gone resource was last seen. */
  readonly lastSeenAt: string | undefined;
}

export interface Written {
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
}

/**
 * Writes a complete scan: the mark, the rows that differ, the scan row. The mark comes first, so that a crash in
 * between leaves a scan that matches no digest; it is not needed where no row is written.
 * @throws SupersededError, FencedOffError; the scan is then marked torn again, unless it still bears its own mark.
 */
export async function writeScan(context: WriteContext, row: ScanItem | undefined, scan: Complete): Promise<Written> {
  const { changes, written } = await compare(context, row, scan);
  let version = row?.version ?? 0;
  try {
    if (changes.length > 0) {
      version = await mark(context, version);
      await writeRows(context, changes);
    }
    await commit(context, version, scan);
  } catch (error) {
    const stopped = error instanceof SupersededError || error instanceof FencedOffError;
    if (stopped && changes.length > 0) await tearAgain(context);
    throw error;
  }
  return written;
}

/** Compares what was found with the rows, and says what must be written. */
async function compare(
  { table, ref, scope, lastFullSyncAt }: WriteContext,
  ledger: ScanItem | undefined,
  scan: Complete,
): Promise<{ readonly changes: readonly RowChange[]; readonly written: Written }> {
  const changes: RowChange[] = [];
  const written = { created: 0, updated: 0, removed: 0 };
  for (const [type, found] of scan.found) {
    const stored = new Map<string, string>();
    const lastSeenAt = lastComplete(ledger?.cells[type], lastFullSyncAt);
    for (const item of await queryAll(table, keys.resources(ref, type, scope))) {
      const row = parseItem(resourceItem, item);
      const { hash } = placeOfResource(row.sk);
      const gone = row.removed_at !== undefined;
      stored.set(hash, gone ? '' : row.content);
      if (!gone && !found.has(hash)) {
        written.removed += 1;
        changes.push({ type, hash, found: undefined, lastSeenAt });
      }
    }
    for (const [hash, one] of found) {
      const before = stored.get(hash);
      if (before === one.content) continue;
      if (before === undefined || before === '') written.created += 1;
      else written.updated += 1;
      changes.push({ type, hash, found: one, lastSeenAt });
    }
  }
  return { changes, written };
}

async function mark({ table, ref, scope, collector, stamp }: WriteContext, version: number): Promise<number> {
  const written = await table.update(keys.scan(ref, scope, collector), {
    set: { v: 1, collector, scope, torn: stamp, by: stamp, version: version + 1 },
    setOnce: { cells: {} },
    condition: unchangedSince(version),
  });
  if (!written.applied) {
    const stored = written.item === undefined ? undefined : parseItem(scanItem, written.item);
    const mine = stored?.torn === stamp && stored.version === version + 1;
    if (!mine) throw new SupersededError('Another worker has this scan.');
  }
  return version + 1;
}

async function writeRows(context: WriteContext, changes: readonly RowChange[]): Promise<void> {
  for (let from = 0; from < changes.length; from += ROWS_PER_PAGE) {
    await context.fence.pass();
    const page = await Promise.allSettled(
      changes.slice(from, from + ROWS_PER_PAGE).map((change) => writeRow(context, change)),
    );
    // All of the page have ended before anything else is written: nothing runs on behind an error.
    for (const row of page) if (row.status === 'rejected') throw row.reason;
  }
}

async function writeRow({ table, ref, scope, stamp, startedAt }: WriteContext, change: RowChange): Promise<void> {
  const mayWrite = anyOf(absent('stamp'), below('stamp', stamp));
  const row: Change =
    change.found === undefined
      ? // Only what is there can be gone.
        {
          set: { stamp, removed_at: startedAt, last_seen_at: change.lastSeenAt },
          condition: allOf(present('stamp'), below('stamp', stamp)),
        }
      : {
          set: { v: 1, stamp, content: change.found.content, doc: packResource(change.found.resource) },
          setOnce: { first_seen_at: startedAt },
          remove: ['removed_at', 'last_seen_at'],
          condition: mayWrite,
        };
  const written = await table.update(keys.resource(ref, change.type, scope, change.hash), row);
  if (written.applied || written.item === undefined) return;
  if (parseItem(resourceItem, written.item).stamp !== stamp) throw new SupersededError('A later worker wrote a row.');
}

async function commit(context: WriteContext, version: number, scan: Complete): Promise<void> {
  const { table, ref, scope, collector, stamp, startedAt } = context;
  const cells: Record<string, CellItem> = Object.fromEntries(
    [...scan.found].map(([type, found]) => [type, { outcome: 'collected', count: found.size, stamped_at: startedAt }]),
  );
  const written = await table.update(keys.scan(ref, scope, collector), {
    set: { v: 1, collector, scope, by: stamp, version: version + 1, digest: scan.digest, cells },
    remove: ['torn'],
    condition: unchangedSince(version),
  });
  if (written.applied) return;
  const stored = written.item === undefined ? undefined : parseItem(scanItem, written.item);
  const mine = stored?.by === stamp && stored.torn === undefined && stored.digest === scan.digest;
  if (!mine) throw new SupersededError('The scan row has moved on.');
}

/** Who has written rows and must stop leaves the scan marked, so that the next one compares with the rows. */
async function tearAgain({ table, ref, scope, collector, stamp }: WriteContext): Promise<void> {
  for (;;) {
    const item = await table.get(keys.scan(ref, scope, collector));
    const row = item === undefined ? undefined : parseItem(scanItem, item);
    if (row === undefined || row.torn === stamp) return;
    const written = await table.update(keys.scan(ref, scope, collector), {
      // A mark that is nobody's: no worker may take it for its own.
      set: { torn: `again:${stamp}`, version: row.version + 1 },
      condition: unchangedSince(row.version),
    });
    if (written.applied) return;
  }
}
