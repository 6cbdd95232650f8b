import { type ResourceItem, resourceItem } from './items.ts';
import { keys, type ProviderRef, type ScanId } from './keys.ts';
import type { TableReader } from './ports.ts';
import { Entries, wordsOf } from './prints.ts';
import { parseItem } from './provider.ts';

const LIGHT = ['pk', 'sk', 'stamp', 'content', 'removed_at'] as const;
/** Rows of one page: their documents are in memory together. */
const PAGE = 500;

/** All rows of a scan's type as fingerprints, unsorted, and those whose stamp is later than the given one, whole. */
export async function fingerprintsOfRows(
  table: TableReader,
  ref: ProviderRef,
  scan: ScanId,
  type: string,
  committed: string,
  each: (row: ResourceItem) => Promise<void>,
): Promise<Entries> {
  const entries = new Entries();
  let after: string | undefined;
  do {
    const rows = await table.query({ ...keys.resources(ref, type, scan.scope), after, attributes: LIGHT });
    const later: string[] = [];
    for (const item of rows.items) {
      const { sk, stamp, content, removed_at } = parseItem(lightRow, item);
      if (stamp > committed) later.push(sk);
      if (removed_at !== undefined) continue;
      entries.push(...idOfRow(sk), ...contentWords(Buffer.from(content, 'base64url')));
    }
    await wholeRows(table, ref, type, later, each);
    after = rows.next;
  } while (after !== undefined);
  return entries;
}

const lightRow = resourceItem.pick({ sk: true, stamp: true, content: true, removed_at: true });

async function wholeRows(
  table: TableReader,
  ref: ProviderRef,
  type: string,
  sks: readonly string[],
  each: (row: ResourceItem) => Promise<void>,
): Promise<void> {
  const { pk } = keys.resources(ref, type);
  for (let from = 0; from < sks.length; from += PAGE) {
    const items = await table.getMany(sks.slice(from, from + PAGE).map((sk) => ({ pk, sk })));
    for (const item of items) if (item !== undefined) await each(parseItem(resourceItem, item));
  }
}

/** Pages of whole rows of a type in a scope, also of those that are gone. */
export async function* pagesOfRows(
  table: TableReader,
  ref: ProviderRef,
  scan: ScanId,
  type: string,
): AsyncGenerator<readonly ResourceItem[]> {
  let after: string | undefined;
  do {
    const rows = await table.query({ ...keys.resources(ref, type, scan.scope), after, limit: PAGE });
    yield rows.items.map((item) => parseItem(resourceItem, item));
    after = rows.next;
  } while (after !== undefined);
}

/** The first 8 bytes of the hash in a row's key. */
export const idOfRow = (sk: string): readonly [number, number] =>
  wordsOf(Buffer.from(sk.slice(sk.lastIndexOf('#') + 1), 'base64url'));

/** Content as fingerprints keep it: zero is kept for what is gone. */
export function contentWords(content: Uint8Array): readonly [number, number] {
  const [high, low] = wordsOf(content);
  return [high, high === 0 && low === 0 ? 1 : low];
}

/** The rows of a fingerprint: its id is how their hash begins. */
export async function rowsOfPrint(
  table: TableReader,
  ref: ProviderRef,
  scan: ScanId,
  type: string,
  high: number,
  low: number,
): Promise<readonly ResourceItem[]> {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(high, 0);
  bytes.writeUInt32BE(low, 4);
  // 8 bytes are 10 whole characters and 4 bits of the next.
  const prefix = bytes.toString('base64url').slice(0, 10);
  const { items } = await table.query(keys.resources(ref, type, scan.scope, prefix));
  return items
    .map((item) => parseItem(resourceItem, item))
    .filter(({ sk }) => {
      const [h, l] = idOfRow(sk);
      return h === high && l === low;
    });
}
