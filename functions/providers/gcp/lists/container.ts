import * as z from 'zod';
import { HOSTS } from '../hosts.ts';
import { toResource } from '../mappings/asset.ts';
import { type List, named } from './list.ts';

/** It has no pages. @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/list */
export const container: List = async (client, project) => {
  const url = new URL(`https://${HOSTS.container}/v1/projects/${project}/locations/-/clusters`);
  const cluster = named.extend({ location: z.string().min(1) });
  const shape = z.object({ clusters: z.array(cluster).optional(), missingZones: z.array(z.string()).optional() });
  const { clusters = [], missingZones = [] } = await client.get(url, shape);
  const resources = clusters.map((one) => {
    const kind = /-[a-z]$/.test(one.location) ? 'zones' : 'locations';
    return toResource({
      name: `//${HOSTS.container}/projects/${project}/${kind}/${one.location}/clusters/${one.name}`,
      assetType: 'container.googleapis.com/Cluster',
      resource: { location: one.location, data: one },
    });
  });
  const refused = { outcome: 'failed', code: 'MISSING_ZONES' } as const;
  return { resources, next: undefined, ...(missingZones.length > 0 ? { refused } : {}) };
};
