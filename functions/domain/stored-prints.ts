import { printsItem } from './items.ts';
import { keys, type ProviderRef, runOfPrints, type ScanId } from './keys.ts';
import type { Run } from './messages.ts';
import type { Table, TableReader } from './ports.ts';
import { Entries, merge } from './prints.ts';
import { parseItem, queryAll, StoredItemError } from './provider.ts';

/** Entries of one item: 64,000 bytes. */
const PER_ITEM = 4000;
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

/** Writes a sorted run under a name that nobody else uses; nothing counts before a scan row names it. */
export async function writeRun(
  table: Table,
  ref: ProviderRef,
  scan: ScanId,
  run: string,
  entries: Entries,
): Promise<readonly Run[]> {
  const parts = Math.ceil(entries.length / PER_ITEM);
  for (let from = 0; from < parts; from += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, parts - from) }, (_, n) => {
        const part = from + n;
        const prints = entries.encode(part * PER_ITEM, Math.min(entries.length, (part + 1) * PER_ITEM));
        return table.update(keys.prints(ref, scan, run, part), { set: { v: 1, prints }, blind: true });
      }),
    );
  }
  return parts === 0 ? [] : [{ run, parts, entries: entries.length }];
}

/** Removes every run that the scan row does not name (any more). */
export async function dropRuns(table: Table, ref: ProviderRef, scan: ScanId, named: readonly Run[]): Promise<void> {
  const keep = new Set(named.map(({ run }) => run));
  const rows = await queryAll(table, { ...keys.allPrints(ref, scan), attributes: ['pk', 'sk'] });
  for (const { pk, sk } of rows) {
    if (typeof pk === 'string' && typeof sk === 'string' && !keep.has(runOfPrints(sk))) await table.remove({ pk, sk });
  }
}
