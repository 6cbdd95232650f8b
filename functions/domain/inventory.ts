import { type RowChange, unpackResource } from './hashing.ts';
import { type ResourceItem, resourceItem, type ScanItem, scanItem } from './items.ts';
import { hashExternalId, keys, type ProviderRef, placeOfResource } from './keys.ts';
import type { TableReader } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import type { Resource } from './resource.ts';
import { lastComplete, REGIONS } from './scan-row.ts';

/** Most rows that one page may read; a page may be short while there is a next one. */
const MOST_ROWS = 2000;

export interface ResourceFilter {
  readonly type?: string | undefined;
  readonly region?: string | undefined;
  /** `deleted` lists those that are gone; any other word current ones of that status. */
  readonly status?: string | undefined;
  readonly externalId?: string | undefined;
}

/** One resource of the inventory with what the ledger knows of its cell. */
export interface Listed {
  readonly key: string;
  readonly resource: Resource;
  /** Its last changes, newest first. */
  readonly changes: readonly RowChange[];
  readonly firstSeenAt: string;
  readonly lastSeenAt: string | undefined;
  readonly removedAt: string | undefined;
}

export interface ResourcePage {
  readonly resources: readonly Listed[];
  /** Type and sort key of the last row looked at, when there may be more behind it. */
  readonly next: readonly [string, string] | undefined;
  /** How many there are in all, where the ledger knows it. */
  readonly total: number | undefined;
}

export interface InventoryOf {
  readonly ref: ProviderRef;
  readonly lastFullSyncAt: string | undefined;
  /** Whether scopes of a type are regions; of others, a resource's region is known only from the resource. */
  readonly scopeIsRegion: (type: string) => boolean;
}

/** The ledger, by type: which scopes were ever scanned for it. */
type Ledger = ReadonlyMap<string, ReadonlyMap<string, ScanItem>>;

async function readLedger(table: TableReader, ref: ProviderRef): Promise<Ledger> {
  const ledger = new Map<string, Map<string, ScanItem>>();
  for (const item of await queryAll(table, keys.scans(ref))) {
    const row = parseItem(scanItem, item);
    if (row.collector === REGIONS) continue;
    for (const type of typesOf(row)) {
      const scopes = ledger.get(type) ?? new Map<string, ScanItem>();
      ledger.set(type, scopes.set(row.scope, row));
    }
  }
  return ledger;
}

/** A scan marked before its first commit has no cells yet, but may have rows: its collector's name is the type. */
const typesOf = (row: ScanItem): readonly string[] =>
  Object.keys(row.cells).length > 0 ? Object.keys(row.cells) : [row.collector];

/** One page of the inventory in the order type, scope, key. */
export async function listResources(
  table: TableReader,
  of: InventoryOf,
  filter: ResourceFilter,
  page: { readonly limit: number; readonly after: readonly string[] | undefined },
): Promise<ResourcePage> {
  const ledger = await readLedger(table, of.ref);
  const [fromType, fromKey] = page.after ?? [];
  const types = [...ledger.keys()]
    .filter(
      (type) => (filter.type === undefined || type === filter.type) && (fromType === undefined || type >= fromType),
    )
    .sort();
  const total = countOf(ledger, of, filter);
  if (filter.externalId !== undefined) {
    const resources = await probe(table, of, ledger, types, filter, filter.externalId);
    return { resources, next: undefined, total: undefined };
  }
  const kept: { readonly listed: Listed; readonly at: readonly [string, string] }[] = [];
  const end = (next: readonly [string, string] | undefined): ResourcePage => ({
    resources: kept.slice(0, page.limit).map(({ listed }) => listed),
    next,
    total,
  });
  let read = 0;
  for (const type of types) {
    if (read >= MOST_ROWS) return end([type, '']);
    const scope = of.scopeIsRegion(type) ? filter.region : undefined;
    let after = type === fromType && fromKey !== '' ? fromKey : undefined;
    do {
      // One more than the page holds, to know whether there is a next one.
      const limit = Math.min(MOST_ROWS - read, page.limit + 1 - kept.length);
      const rows = await table.query({ ...keys.resources(of.ref, type, scope), after, limit });
      for (const item of rows.items) {
        const row = parseItem(resourceItem, item);
        const listed = toListed(of, ledger, type, row);
        if (matches(filter, listed)) kept.push({ listed, at: [type, row.sk] });
      }
      if (kept.length > page.limit) return end(kept[page.limit - 1]?.at);
      read += rows.items.length;
      after = rows.next;
      if (after !== undefined && read >= MOST_ROWS) return end([type, after]);
    } while (after !== undefined);
  }
  return end(undefined);
}

function toListed(of: InventoryOf, ledger: Ledger, type: string, row: ResourceItem): Listed {
  const { scope, hash } = placeOfResource(row.sk);
  const cell = ledger.get(type)?.get(scope)?.cells[type];
  return {
    key: `${type}.${scope}.${hash}`,
    ...unpackResource(type, row.doc),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.removed_at === undefined ? lastComplete(cell, of.lastFullSyncAt) : row.last_seen_at,
    removedAt: row.removed_at,
  };
}

function matches(filter: ResourceFilter, { resource, removedAt }: Listed): boolean {
  const gone = filter.status === 'deleted';
  if (gone !== (removedAt !== undefined)) return false;
  if (filter.status !== undefined && !gone && resource.status !== filter.status) return false;
  return filter.region === undefined || resource.region === filter.region;
}

/** The ledger's count: current resources by type and region. Of anything else it knows no number. */
function countOf(ledger: Ledger, of: InventoryOf, filter: ResourceFilter): number | undefined {
  if (filter.status !== undefined || filter.externalId !== undefined) return undefined;
  let total = 0;
  for (const [type, scopes] of ledger) {
    if (filter.type !== undefined && type !== filter.type) continue;
    for (const [scope, row] of scopes) {
      const count = row.cells[type]?.count ?? 0;
      if (row.torn !== undefined) return undefined;
      if (filter.region !== undefined && !of.scopeIsRegion(type) && count > 0) return undefined;
      if (filter.region === undefined || scope === filter.region) total += count;
    }
  }
  return total;
}

async function probe(
  table: TableReader,
  of: InventoryOf,
  ledger: Ledger,
  types: readonly string[],
  filter: ResourceFilter,
  externalId: string,
): Promise<readonly Listed[]> {
  const hash = hashExternalId(externalId);
  const cells = types.flatMap((type) => [...(ledger.get(type)?.keys() ?? [])].sort().map((scope) => ({ type, scope })));
  const rows = await table.getMany(cells.map(({ type, scope }) => keys.resource(of.ref, type, scope, hash)));
  return rows.flatMap((item, n) => {
    const type = cells[n]?.type;
    if (item === undefined || type === undefined) return [];
    const listed = toListed(of, ledger, type, parseItem(resourceItem, item));
    return matches(filter, listed) && listed.resource.external_id === externalId ? [listed] : [];
  });
}
