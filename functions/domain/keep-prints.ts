import type { ProviderRef, ScanId } from './keys.ts';
import type { Run } from './messages.ts';
import type { Table } from './ports.ts';
import type { Known } from './print-lookups.ts';
import { Entries, mergedParts, partsOf } from './prints.ts';
import { PER_ITEM, writeRun } from './stored-prints.ts';

/** Scans of so many resources keep no fingerprints: their rows are read where something changed. */
const SMALL = 256;
/** Runs that a scan row names at most; more are folded into one, and so are deltas of a tenth of the whole. */
const MOST_RUNS = 10;

/** The fingerprints of a scan that was read to its end. */
export interface ScanPrints {
  /** Those that stood before, and which of them were met. */
  readonly known: Known;
  readonly knownRuns: readonly Run[];
  /** Those that are new, in the order they came; earlier links have stored the first of them in runs. */
  readonly fresh: Entries;
  readonly freshRuns: readonly Run[];
  readonly stored: number;
}

/**
 * Says in fingerprints what exists now: by another run behind those that stand, or folded into one. What they replace
 * counts until the scan row names them.
 * @param found resources that the scan holds.
 */
export async function keepPrints(
  context: { readonly table: Table; readonly ref: ProviderRef; readonly scan: ScanId; readonly stamp: string },
  found: number,
  { known, knownRuns, fresh, freshRuns, stored }: ScanPrints,
): Promise<readonly Run[]> {
  if (found <= SMALL) return [];
  const { table, ref, scan, stamp } = context;
  const runs = [...knownRuns, ...freshRuns];
  const deltas = runs.slice(1).reduce((n, run) => n + run.entries, 0) + (fresh.length - stored) + known.missing;
  if (knownRuns.length > 0 && deltas * 10 <= found && runs.length < MOST_RUNS) {
    const delta = new Entries();
    for (let n = stored; n < fresh.length; n += 1) delta.take(fresh, n);
    known.each(false, (n) => delta.push(known.entries.high(n), known.entries.low(n), 0, 0));
    const parts = partsOf({ entries: delta, order: delta.order() }, PER_ITEM);
    return [...runs, ...(await writeRun(table, ref, scan, `${stamp}-delta`, parts))];
  }
  const kept = new Uint32Array(known.entries.length - known.missing);
  let n = 0;
  known.each(true, (place) => {
    kept[n] = place;
    n += 1;
  });
  const parts = mergedParts(
    { entries: known.entries, order: kept },
    { entries: fresh, order: fresh.order() },
    PER_ITEM,
  );
  return writeRun(table, ref, scan, `${stamp}-base`, parts);
}
