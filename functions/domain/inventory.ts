import { findByExternalId } from './find-resource.ts';
import { resourceItem } from './items.ts';
import { keys } from './keys.ts';
import { readLedger } from './ledger.ts';
import { type Book, bookOf, type InventoryOf, type Kept, keep, type Listed, type ResourceFilter } from './listed.ts';
import { MOST_ROWS, type PageRequest, sortKeyOf } from './page.ts';
import type { TableReader } from './ports.ts';
import { parseItem } from './provider.ts';

/** Most rows of one query: their documents are in memory together. */
const CHUNK = 500;

export interface ResourcePage {
  readonly resources: readonly Listed[];
  /** Type and sort key of the last row looked at, when there may be more behind it. */
  readonly next: readonly [string, string] | undefined;
  /** How many there are in all, where the ledger knows it. */
  readonly total: number | undefined;
}

/**
 * One page of the inventory in the order type, scope, key. What is in a scan that has left the plan is neither current
 * nor gone: it is listed nowhere, and its key still names it. @throws CursorError for a position that none of ours had.
 */
export async function listResources(
  table: TableReader,
  of: InventoryOf,
  filter: ResourceFilter,
  page: PageRequest,
): Promise<ResourcePage> {
  const book = bookOf(of, await readLedger(table, of.ref, of.collectors));
  const [fromType] = page.after ?? [];
  const types = [...book.byType.keys()]
    .filter((type) => filter.type === undefined || type === filter.type)
    .filter((type) => fromType === undefined || type >= fromType)
    .sort();
  const { externalId } = filter;
  if (externalId === undefined) {
    return { ...(await walk(table, book, types, filter, page)), total: countOf(book, filter) };
  }
  return { ...(await findByExternalId(table, book, types, { ...filter, externalId }, page)), total: undefined };
}

/** Reads rows type by type until the page is full, or has read as many as it may. */
async function walk(
  table: TableReader,
  book: Book,
  types: readonly string[],
  filter: ResourceFilter,
  page: PageRequest,
): Promise<Omit<ResourcePage, 'total'>> {
  const [fromType, fromKey = ''] = page.after ?? [];
  const kept: Kept[] = [];
  const end = (next: readonly [string, string] | undefined) => ({
    resources: kept.slice(0, page.limit).map(({ listed }) => listed),
    next,
  });
  let read = 0;
  // One more than the page holds, to know whether there is a next one; more at a time where few of them are kept.
  let chunk = page.limit + 1;
  for (const type of types) {
    if (read >= MOST_ROWS) return end([type, '']);
    const rowsOf = keys.resources(book.of.ref, type, book.isRegional(type) ? filter.region : undefined);
    let after = type === fromType && fromKey !== '' ? sortKeyOf(fromKey, rowsOf.beginning) : undefined;
    do {
      const rows = await table.query({ ...rowsOf, after, limit: Math.min(MOST_ROWS - read, chunk) });
      for (const item of rows.items) kept.push(...keep(book, filter, type, parseItem(resourceItem, item)));
      if (kept.length > page.limit) return end(kept[page.limit - 1]?.at);
      read += rows.items.length;
      after = rows.next;
      if (after !== undefined && read >= MOST_ROWS) return end([type, after]);
      if (after !== undefined) chunk = Math.min(CHUNK, chunk * 2);
    } while (after !== undefined);
  }
  return end(undefined);
}

/**
 * The ledger's count: current resources by type and region. Of anything else it knows no number, nor where a scan is
 * torn: its rows are ahead of its count.
 */
function countOf(book: Book, filter: ResourceFilter): number | undefined {
  if (filter.status !== undefined) return undefined;
  let total = 0;
  for (const [type, scopes] of book.byType) {
    if (filter.type !== undefined && type !== filter.type) continue;
    for (const [scope, { row, cell, planned }] of scopes) {
      const elsewhere = book.isRegional(type) && filter.region !== undefined && scope !== filter.region;
      if (!planned || row === undefined || elsewhere) continue;
      const count = cell?.count ?? 0;
      const unknown = filter.region !== undefined && !book.isRegional(type) && count > 0;
      if (row.torn !== undefined || unknown) return undefined;
      total += count;
    }
  }
  return total;
}
