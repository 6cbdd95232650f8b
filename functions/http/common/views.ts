import type * as z from 'zod';
import type { Listed } from '../../domain/inventory.ts';
import type { ProviderItem } from '../../domain/items.ts';
import type { inventoryResourceSchema, ProviderWire } from './wire.ts';

/** RFC 3339 in whole seconds, as the wire has it. */
export const wireTime = (time: string): string => `${time.slice(0, 19)}Z`;
export const wireTimeOrNull = (time: string | undefined): string | null => (time === undefined ? null : wireTime(time));

/** A provider as the API shows it: never its account's secret, nor where that is kept. */
export function providerWire(provider: ProviderItem): ProviderWire {
  const synced = provider.last_synced_at;
  return {
    id: provider.id,
    name: provider.name,
    type: provider.cloud,
    status: provider.active_inventory === undefined ? provider.status : 'syncing',
    // Before the first sync has ended nothing is known, and a number would say something.
    resource_count: synced === undefined ? 0 : provider.resource_count,
    last_synced_at: wireTimeOrNull(synced),
    created_at: wireTime(provider.created_at),
    complete: provider.complete,
    last_complete_sync_at: wireTimeOrNull(provider.last_complete_sync_at),
    ...(provider.disconnected_at === undefined ? {} : { disconnected_at: wireTime(provider.disconnected_at) }),
  };
}

export function resourceWire(listed: Listed): z.input<typeof inventoryResourceSchema> {
  const { resource } = listed;
  return {
    ...resource,
    key: listed.key,
    status: listed.removedAt === undefined ? resource.status : 'deleted',
    created_at: resource.created_at ?? null,
    first_seen_at: wireTime(listed.firstSeenAt),
    last_seen_at: wireTimeOrNull(listed.lastSeenAt),
    removed_at: wireTimeOrNull(listed.removedAt),
  };
}
