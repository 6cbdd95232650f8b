import { absent, anyOf, equal } from './conditions.ts';
import { claimItem, type ProviderItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { Table } from './ports.ts';
import { parseItem, readProvider } from './provider.ts';

const LIVING: readonly ProviderItem['state'][] = ['connecting', 'connected', 'disconnecting'];

/** Who holds the claim on an account: one provider per account and tenant, so that twenty connects make one. */
export interface ClaimOn {
  readonly tenant: string;
  readonly cloud: string;
  readonly account: string;
}

/** The claim as it stands: the provider it names, and whether that one is living. */
export async function lookAtClaim(
  table: Table,
  on: ClaimOn,
): Promise<{ readonly holder: number | undefined; readonly living: boolean }> {
  const item = await table.get(keys.claim(on.tenant, on.cloud, on.account));
  if (item === undefined) return { holder: undefined, living: false };
  const holder = parseItem(claimItem, item).provider;
  const row = await readProvider(table, { tenant: on.tenant, id: holder });
  return { holder, living: row !== undefined && LIVING.includes(row.state) };
}

/** Takes the claim for a provider where it is free or still held by the dead one seen before. True when it is ours. */
export async function takeClaim(table: Table, on: ClaimOn, id: number, seen: number | undefined): Promise<boolean> {
  const free = absent('provider');
  const written = await table.update(keys.claim(on.tenant, on.cloud, on.account), {
    set: { v: 1, provider: id },
    condition: seen === undefined ? free : anyOf(free, equal('provider', seen)),
  });
  // Refused by my own earlier try, whose answer was lost, is success.
  return written.applied || (written.item !== undefined && parseItem(claimItem, written.item).provider === id);
}

/** Frees the claim, only where it names this provider. */
export async function freeClaim(table: Table, ref: ProviderRef, provider: ProviderItem): Promise<void> {
  await table.remove(keys.claim(ref.tenant, provider.cloud, provider.account), equal('provider', ref.id));
}
