import type { Collector, CollectorFacts, ResourcePage } from '../../../domain/cloud.ts';
import type { GoogleClient } from '../clients.ts';
import { fallback, instead } from '../fallback.ts';
import { GoogleError, PageGoneError } from '../google-error.ts';
import { HOSTS } from '../hosts.ts';
import { assetsSchema, toResource } from '../mappings/asset.ts';
import { isDisabled } from '../outcomes.ts';
import { type Place, readPlace, writePlace } from '../page-token.ts';
import { fallbackTypes, LISTED_TYPES } from '../types.ts';

export const facts = {
  name: 'cloud_asset_inventory',
  service: 'cloudasset',
  scope: 'project',
  types: LISTED_TYPES,
  open: true,
  permissions: [
    'cloudasset.assets.listResource',
    fallbackTypes.compute.permission,
    fallbackTypes.storage.permission,
    fallbackTypes.bigquery.permission,
    fallbackTypes.container.permission,
  ],
} as const satisfies CollectorFacts;

/**
 * Everything that a project holds, in one chain of pages. Where Cloud Asset Inventory is switched off, what a few APIs
 * list themselves; the rest is then not known.
 */
export function cloudAssetInventory(client: GoogleClient, project: string): Collector {
  return {
    ...facts,
    async page(token) {
      const place: Place = token === undefined ? { at: 'assets' } : readPlace(token);
      if (place.at !== 'assets') return fallback(client, project, place);
      try {
        return await assets(client, project, place.page);
      } catch (error) {
        // Later in the list it means that somebody has switched it off just now: then the scan as a whole has failed.
        const disabled = place.page === undefined && error instanceof GoogleError && isDisabled(error);
        if (disabled) return instead(error.reason);
        throw error;
      }
    },
  };
}

/** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list */
async function assets(client: GoogleClient, project: string, page: string | undefined): Promise<ResourcePage> {
  const url = new URL(`https://${HOSTS.assets}/v1/projects/${project}/assets`);
  url.searchParams.set('contentType', 'RESOURCE');
  url.searchParams.set('pageSize', '1000');
  if (page !== undefined) url.searchParams.set('pageToken', page);
  const { assets: found = [], nextPageToken = '' } = await client.get(url, assetsSchema).catch((error: unknown) => {
    // A token names a snapshot, which is kept for some time only.
    const isGone = page !== undefined && error instanceof GoogleError && error.status === 400;
    throw isGone ? new PageGoneError('The page token is refused.') : error;
  });
  return {
    resources: found.map(toResource),
    details: [],
    next: nextPageToken === '' ? undefined : writePlace({ at: 'assets', page: nextPageToken }),
  };
}
