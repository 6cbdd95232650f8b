import * as z from 'zod';
import type { Resource } from '../../../domain/resource.ts';
import type { GoogleClient } from '../clients.ts';
import { GoogleError } from '../google-error.ts';
import { HOSTS } from '../hosts.ts';
import { toResource } from '../mappings/asset.ts';
import { fallbackTypes } from '../types.ts';
import { type List, toNext } from './list.ts';

/** Data sets that are asked for at a time: their list tells little more than their names. */
const DATASETS_AT_A_TIME = 10;

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/list */
export const bigquery: List = async (client, project, page) => {
  if (page === undefined && !(await maySeeDatasets(client, project))) {
    const { permission } = fallbackTypes.bigquery;
    const refused = { outcome: 'denied', code: 'PERMISSION_NOT_GRANTED', permission, deniedBy: 'identity' } as const;
    return { resources: [], next: undefined, refused };
  }
  const url = new URL(`https://${HOSTS.bigquery}/bigquery/v2/projects/${project}/datasets`);
  url.searchParams.set('maxResults', '100');
  if (page !== undefined) url.searchParams.set('pageToken', page);
  const shape = z.object({ datasets: z.array(dataset).optional(), nextPageToken: z.string().optional() });
  const { datasets = [], nextPageToken } = await client.get(url, shape);
  const resources: Resource[] = [];
  for (let from = 0; from < datasets.length; from += DATASETS_AT_A_TIME) {
    const some = datasets.slice(from, from + DATASETS_AT_A_TIME);
    resources.push(...(await Promise.all(some.map((one) => datasetOf(client, project, one)))).flat());
  }
  return { resources, next: toNext(nextPageToken) };
};

const dataset = z.looseObject({
  datasetReference: z.object({ datasetId: z.string().regex(/^[A-Za-z0-9_]+$/) }),
  location: z.string().optional(),
});

/** None, where it was deleted meanwhile. @see https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/get */
async function datasetOf(
  client: GoogleClient,
  project: string,
  { datasetReference: { datasetId } }: z.infer<typeof dataset>,
): Promise<Resource[]> {
  const url = new URL(`https://${HOSTS.bigquery}/bigquery/v2/projects/${project}/datasets/${datasetId}`);
  try {
    const data = await client.get(url, dataset);
    const name = `//${HOSTS.bigquery}/projects/${project}/datasets/${datasetId}`;
    return [
      toResource({ name, assetType: 'bigquery.googleapis.com/Dataset', resource: { location: data.location, data } }),
    ];
  } catch (error) {
    if (error instanceof GoogleError && error.status === 404) return [];
    throw error;
  }
}

/**
 * The list of data sets leaves out in silence what may not be read: it is only whole for who may read all of them.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/testIamPermissions
 */
async function maySeeDatasets(client: GoogleClient, project: string): Promise<boolean> {
  const url = new URL(`https://${HOSTS.projects}/v3/projects/${project}:testIamPermissions`);
  const asked = { permissions: [fallbackTypes.bigquery.permission] };
  const shape = z.object({ permissions: z.array(z.string()).optional() });
  const { permissions = [] } = await client.post(url, asked, shape);
  return permissions.includes(fallbackTypes.bigquery.permission);
}
