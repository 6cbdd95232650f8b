import * as z from 'zod';
import { HOSTS } from '../hosts.ts';
import { toResource } from '../mappings/asset.ts';
import { type List, named, toNext } from './list.ts';

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList */
export const compute: List = async (client, project, page) => {
  const url = new URL(`https://${HOSTS.compute}/compute/v1/projects/${project}/aggregated/instances`);
  // Without `returnPartialSuccess` a zone that does not answer fails the call, rather than leaving its instances out.
  url.searchParams.set('maxResults', '500');
  if (page !== undefined) url.searchParams.set('pageToken', page);
  const shape = z.object({
    items: z.record(z.string(), z.object({ instances: z.array(named).optional() })).optional(),
    nextPageToken: z.string().optional(),
  });
  const { items = {}, nextPageToken } = await client.get(url, shape);
  const resources = Object.entries(items).flatMap(([scope, { instances = [] }]) =>
    instances.map((one) =>
      toResource({
        name: `//${HOSTS.compute}/projects/${project}/${scope}/instances/${one.name}`,
        assetType: 'compute.googleapis.com/Instance',
        resource: { location: scope.split('/').at(-1), data: one },
      }),
    ),
  );
  return { resources, next: toNext(nextPageToken) };
};
