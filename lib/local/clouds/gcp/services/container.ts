import { Listing } from '../inventory/listing.ts';
import * as workloads from '../inventory/workloads.ts';
import type { Operation, Service } from './operation.ts';

/** @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/list */
const listClusters: Operation = {
  name: 'clusters.list',
  method: 'GET',
  path: '/v1/projects/{project}/locations/-/clusters',
  permission: 'container.clusters.list',
  run(call) {
    const listing = new Listing(call.project, workloads.clusters, call.knobs);
    const { missingZones } = call.knobs;
    const clusters = listing.slice(0, listing.length).map((one) => one.data);
    return { ...(clusters.length === 0 ? {} : { clusters }), ...(missingZones.length === 0 ? {} : { missingZones }) };
  },
};

export const kubernetesEngine: Service = {
  name: 'container',
  host: 'container.googleapis.com',
  style: 'modern',
  operations: [listClusters],
};
