import { printsItem } from './items.ts';
import { keys, type ProviderRef, runOfPrints, type ScanId } from './keys.ts';
import type { Run } from './messages.ts';
import type { Table, TableReader } from './ports.ts';
import { Entries, merge } from './prints.ts';
import { parseItem, queryAll, StoredItemError } from './provider.ts';

/** Entries of one item: 64,000 bytes. */
export const PER_ITEM = 4000;
/** Items read or written at a time. */
const AT_ONCE = 8;

/** Reads runs and lays them over each other, oldest first. @throws StoredItemError when a part is gone. */
export async function readRuns(
  table: TableReader,
  ref: ProviderRef,
  scan: ScanId,
  runs: readonly Run[],
): Promise<Entries> {
  let all = new Entries();
  for (const [n, { run, parts, entries }] of runs.entries()) {
    const one = new Entries(entries);
    for (let from = 0; from < parts; from += AT_ONCE) {
      const count = Math.min(AT_ONCE, parts - from);
      const items = await table.getMany(
        Array.from({ length: count }, (_, part) => keys.prints(ref, scan, run, from + part)),
      );
      for (const item of items) {
        if (item === undefined) throw new StoredItemError('A part of a scan’s fingerprints is gone.');
        one.decode(parseItem(printsItem, item).prints);
      }
    }
    all = n === 0 ? one : merge(all, one);
  }
  return all;
}

/**
 * Writes a sorted run under a name that nobody else uses; nothing counts before a scan row names it.
 * @param entries in parts of `PER_ITEM`.
 */
export async function writeRun(
  table: Table,
  ref: ProviderRef,
  scan: ScanId,
  run: string,
  entries: Iterable<Entries>,
): Promise<readonly Run[]> {
  let parts = 0;
  let count = 0;
  let writing: Promise<unknown>[] = [];
  for (const part of entries) {
    const set = { v: 1, prints: part.encode(0, part.length) };
    writing.push(table.update(keys.prints(ref, scan, run, parts), { set, blind: true }));
    parts += 1;
    count += part.length;
    if (writing.length < AT_ONCE) continue;
    await Promise.all(writing);
    writing = [];
  }
  await Promise.all(writing);
  return parts === 0 ? [] : [{ run, parts, entries: count }];
}

/** Removes every run that the scan row does not name (any more). */
export async function dropRuns(table: Table, ref: ProviderRef, scan: ScanId, named: readonly Run[]): Promise<void> {
  const keep = new Set(named.map(({ run }) => run));
  const rows = await queryAll(table, { ...keys.allPrints(ref, scan), attributes: ['pk', 'sk'] });
  for (const { pk, sk } of rows) {
    if (typeof pk === 'string' && typeof sk === 'string' && !keep.has(runOfPrints(sk))) await table.remove({ pk, sk });
  }
}
