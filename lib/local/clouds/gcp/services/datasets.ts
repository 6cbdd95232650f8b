import * as data from '../inventory/data.ts';
import type { Made } from '../inventory/kind.ts';
import { Listing } from '../inventory/listing.ts';
import { notFound } from '../refusal.ts';
import type { Operation } from './operation.ts';

/** Who may not read data sets is answered none of them. @see https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/list */
export const listDatasets: Operation = {
  name: 'datasets.list',
  method: 'GET',
  path: '/bigquery/v2/projects/{project}/datasets',
  permission: 'bigquery.datasets.get',
  silent: true,
  run(call) {
    const listing = new Listing(call.project, data.datasets, call.knobs);
    const all = call.denies('bigquery', 'datasets.list') ? { length: 0, slice: (): Made[] => [] } : listing;
    const { items, next } = call.page(all, { size: 'maxResults', most: 1000, otherwise: 1000 });
    const short = items.map(({ data: { kind, id, datasetReference, location, labels } }) => ({
      kind,
      id,
      datasetReference,
      location,
      labels,
    }));
    return {
      kind: 'bigquery#datasetList',
      etag: 'sample',
      ...(short.length === 0 ? {} : { datasets: short }),
      ...(next === undefined ? {} : { nextPageToken: next }),
    };
  },
};

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/get */
export const getDataset: Operation = {
  name: 'datasets.get',
  method: 'GET',
  path: '/bigquery/v2/projects/{project}/datasets/{dataset}',
  permission: 'bigquery.datasets.get',
  run({ project, knobs, param }) {
    const listing = new Listing(project, data.datasets, knobs);
    const id = param('dataset') ?? '';
    const found = listing.slice(0, listing.length).find(({ path }) => path.endsWith(`/datasets/${id}`));
    if (found === undefined) throw notFound('legacy', `Not found: Dataset ${project.projectId}:${id}`);
    return found.data;
  },
};
