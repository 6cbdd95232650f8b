import type { CollectorFacts } from './cloud.ts';
import { type RowChange, unpackResource } from './hashing.ts';
import type { CellItem, ResourceItem } from './items.ts';
import { type ProviderRef, placeOfResource, resourceKey } from './keys.ts';
import type { Ledger, LedgerCell } from './ledger.ts';
import type { Resource } from './resource.ts';
import { lastComplete } from './scan-row.ts';

/** Whose inventory it is, and what is known of its cloud without loading its SDK. */
export interface InventoryOf {
  readonly ref: ProviderRef;
  readonly lastFullSyncAt: string | undefined;
  readonly collectors: readonly CollectorFacts[];
}

/** One resource of the inventory with what the ledger knows of its cell. Times are RFC 3339 with milliseconds. */
export interface Listed {
  readonly key: string;
  readonly resource: Resource;
  /** Its last changes, newest first: a row remembers three. */
  readonly changes: readonly RowChange[];
  readonly firstSeenAt: string;
  readonly lastSeenAt: string | undefined;
  readonly removedAt: string | undefined;
}

export interface ResourceFilter {
  readonly type?: string | undefined;
  readonly region?: string | undefined;
  /** `deleted` lists those that are gone; any other word current ones of that status. */
  readonly status?: string | undefined;
  readonly externalId?: string | undefined;
}

/** The ledger by type and scope, and whether scopes of a type are regions. */
export interface Book {
  readonly of: InventoryOf;
  readonly byType: ReadonlyMap<string, ReadonlyMap<string, LedgerCell>>;
  /** Of types of other scopes, a resource's region is known only from the resource. */
  readonly isRegional: (type: string) => boolean;
}

/** Whether a collector's scopes are regions; `everywhere` is each of them and `global`, which is a region's name too. */
export const isRegional = ({ scope }: CollectorFacts): boolean => scope === 'region' || scope === 'everywhere';

export function bookOf(of: InventoryOf, { cells }: Ledger): Book {
  const byType = new Map<string, Map<string, LedgerCell>>();
  for (const cell of cells) {
    const scopes = byType.get(cell.type) ?? new Map<string, LedgerCell>();
    byType.set(cell.type, scopes);
    if (scopes.get(cell.scope)?.planned !== true) scopes.set(cell.scope, cell);
  }
  const regional = new Set(of.collectors.filter(isRegional).flatMap(({ types }) => types));
  return { of, byType, isRegional: (type) => regional.has(type) };
}

/** A resource that a page may show, and where it stands: its type and its row's sort key. */
export interface Kept {
  readonly listed: Listed;
  readonly at: readonly [string, string];
}

/** The row as the list shows it, if it is one that is asked for. */
export function keep(book: Book, filter: ResourceFilter, type: string, row: ResourceItem): readonly Kept[] {
  const { scope } = placeOfResource(row.sk);
  const known = book.byType.get(type)?.get(scope);
  const gone = row.removed_at !== undefined;
  if (gone !== (filter.status === 'deleted') || (!gone && known?.planned !== true)) return [];
  const listed = toListed(book.of, known?.cell, type, row);
  const { resource } = listed;
  if (filter.status !== undefined && !gone && resource.status !== filter.status) return [];
  if (filter.region !== undefined && resource.region !== filter.region) return [];
  return [{ listed, at: [type, row.sk] }];
}

/** @param cell of the ledger: a resource that is there was last seen when that was last complete. */
export function toListed(of: InventoryOf, cell: CellItem | undefined, type: string, row: ResourceItem): Listed {
  const { scope, hash } = placeOfResource(row.sk);
  return {
    key: resourceKey(type, scope, hash),
    ...unpackResource(type, row.doc),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.removed_at === undefined ? lastComplete(cell, of.lastFullSyncAt) : row.last_seen_at,
    removedAt: row.removed_at,
  };
}
