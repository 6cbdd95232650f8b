import { type CellItem, resourceItem, type ScanItem, scanItem } from './items.ts';
import { hashExternalId, keys } from './keys.ts';
import { newestPlan } from './ledger.ts';
import { type Book, type InventoryOf, keep, type Listed, type ResourceFilter, toListed } from './listed.ts';
import type { PageRequest } from './page.ts';
import type { TableReader } from './ports.ts';
import { parseItem } from './provider.ts';

/** One resource by the parts of its key, current or gone; undefined when there is none. */
export async function readResource(
  table: TableReader,
  of: InventoryOf,
  place: { readonly type: string; readonly scope: string; readonly hash: string },
): Promise<Listed | undefined> {
  const collector = of.collectors.find(({ types }) => types.includes(place.type))?.name ?? place.type;
  const [item, scan, plan] = await Promise.all([
    table.get(keys.resource(of.ref, place.type, place.scope, place.hash)),
    table.get(keys.scan(of.ref, place.scope, collector)),
    newestPlan(table, of.ref),
  ]);
  if (item === undefined) return undefined;
  const cell = scan === undefined ? undefined : parseItem(scanItem, scan).cells[place.type];
  const planned = plan?.scans.flat().some(([name, scope]) => name === collector && scope === place.scope) ?? false;
  // Where its scan has left the plan, the last full sync had no part in it.
  const lastFullSyncAt = planned ? of.lastFullSyncAt : undefined;
  return toListed({ ...of, lastFullSyncAt }, cell, place.type, parseItem(resourceItem, item));
}

/** Looks for an external id in every cell that may hold it, without a query. */
export async function findByExternalId(
  table: TableReader,
  book: Book,
  types: readonly string[],
  filter: ResourceFilter & { readonly externalId: string },
  page: PageRequest,
) {
  const hash = hashExternalId(filter.externalId);
  const places = types.flatMap((type) =>
    [...(book.byType.get(type)?.values() ?? [])]
      .filter(({ row, cell }) => mayHold(filter, row, cell))
      .map(({ scope }) => ({ type, key: keys.resource(book.of.ref, type, scope, hash) }))
      .sort((a, b) => (a.key.sk < b.key.sk ? -1 : 1)),
  );
  const [fromType, fromKey = ''] = page.after ?? [];
  const behind = places.filter(({ type, key }) => type !== fromType || key.sk > fromKey);
  const rows = await table.getMany(behind.map(({ key }) => key));
  const found = rows
    .flatMap((item, n) => {
      const type = behind[n]?.type;
      return item === undefined || type === undefined ? [] : keep(book, filter, type, parseItem(resourceItem, item));
    })
    // Not only the same hash.
    .filter(({ listed }) => listed.resource.external_id === filter.externalId);
  const next = found.length > page.limit ? found[page.limit - 1]?.at : undefined;
  return { resources: found.slice(0, page.limit).map(({ listed }) => listed), next };
}

/** An empty cell holds no current resource, unless rows were written that it does not know yet. */
function mayHold({ status }: ResourceFilter, row: ScanItem | undefined, cell: CellItem | undefined): boolean {
  if (row === undefined) return false;
  return status === 'deleted' || row.torn !== undefined || (cell?.count ?? 0) > 0;
}
