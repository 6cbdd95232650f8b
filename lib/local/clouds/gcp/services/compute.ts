import * as compute from '../inventory/compute.ts';
import { Listing } from '../inventory/listing.ts';
import type { Operation, Service } from './operation.ts';

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList */
const aggregatedInstances: Operation = {
  name: 'instances.aggregatedList',
  method: 'GET',
  path: '/compute/v1/projects/{project}/aggregated/instances',
  permission: 'compute.instances.list',
  run(call) {
    const listing = new Listing(call.project, compute.instances, call.knobs);
    const { items, next } = call.page(listing, { size: 'maxResults', most: 500, otherwise: 500 });
    const zones = Map.groupBy(items, ({ location }) => `zones/${location}`);
    const warning = { code: 'NO_RESULTS_ON_PAGE', message: 'There are no results for scope on this page.' };
    const scopes = [...zones].map(([zone, made]) => [zone, { instances: made.map((one) => one.data) }] as const);
    return {
      kind: 'compute#instanceAggregatedList',
      id: `projects/${call.project.projectId}/aggregated/instances`,
      items: { ...Object.fromEntries(scopes), 'zones/southamerica-west1-a': { warning } },
      ...(next === undefined ? {} : { nextPageToken: next }),
      selfLink: `https://www.googleapis.com/compute/v1/projects/${call.project.projectId}/aggregated/instances`,
    };
  },
};

export const computeEngine: Service = {
  name: 'compute',
  host: 'compute.googleapis.com',
  style: 'legacy',
  operations: [aggregatedInstances],
};
