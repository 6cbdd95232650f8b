import * as z from 'zod';
import { HOSTS } from '../hosts.ts';
import { toResource } from '../mappings/asset.ts';
import { type List, named, toNext } from './list.ts';

/** @see https://cloud.google.com/storage/docs/json_api/v1/buckets/list */
export const storage: List = async (client, project, page) => {
  const url = new URL(`https://${HOSTS.storage}/storage/v1/b`);
  url.searchParams.set('project', project);
  url.searchParams.set('maxResults', '1000');
  if (page !== undefined) url.searchParams.set('pageToken', page);
  const bucket = named.extend({ location: z.string().optional() });
  const shape = z.object({ items: z.array(bucket).optional(), nextPageToken: z.string().optional() });
  const { items = [], nextPageToken } = await client.get(url, shape);
  const resources = items.map((one) =>
    toResource({
      name: `//${HOSTS.storage}/${one.name}`,
      assetType: 'storage.googleapis.com/Bucket',
      resource: { location: one.location, data: one },
    }),
  );
  return { resources, next: toNext(nextPageToken) };
};
