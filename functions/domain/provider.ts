import type { ZodType } from 'zod';
import type { Item } from './conditions.ts';
import { NotFoundError } from './errors.ts';
import { type ProviderItem, providerItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { JobKind } from './messages.ts';
import { activeAttribute } from './of-kind.ts';
import type { Query, TableReader } from './ports.ts';

/** An item that does not have the shape it was written with: a fault of ours or of somebody's hand in the table. */
export class StoredItemError extends Error {
  override readonly name = 'StoredItemError';
}

/** Parses what the table gave. The message names the fields, never their values. */
export function parseItem<T>(schema: ZodType<T>, item: Item): T {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code).join(', ');
  throw new StoredItemError(`A stored item does not have its shape: ${where}`);
}

/** The provider's row, in whatever state, or undefined. */
export async function readProvider(table: TableReader, ref: ProviderRef): Promise<ProviderItem | undefined> {
  const item = await table.get(keys.provider(ref));
  return item === undefined ? undefined : parseItem(providerItem, item);
}

/** A provider whose inventory and history may be read: connected, or disconnected. @throws NotFoundError otherwise. */
export async function hasHistory(table: TableReader, ref: ProviderRef): Promise<ProviderItem> {
  const provider = await readProvider(table, ref);
  if (provider === undefined || provider.state === 'connecting' || provider.state === 'aborted') {
    throw new NotFoundError();
  }
  return provider;
}

/** The fence: this job may go on only while the provider is connected and the job is its active one. */
export function mayGoOn(provider: ProviderItem | undefined, kind: JobKind, job: number): boolean {
  return provider?.state === 'connected' && provider[activeAttribute(kind)] === job;
}

/** Reads all rows of a partition that begin so, page by page. */
export async function queryAll(
  table: TableReader,
  from: Pick<Query, 'pk' | 'beginning' | 'attributes'>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const rows = await table.query({ ...from, after });
    items.push(...rows.items);
    after = rows.next;
  } while (after !== undefined);
  return items;
}
