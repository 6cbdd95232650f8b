import * as data from '../inventory/data.ts';
import { Listing } from '../inventory/listing.ts';
import type { Operation, Service } from './operation.ts';

/** @see https://cloud.google.com/storage/docs/json_api/v1/buckets/list */
const listBuckets: Operation = {
  name: 'buckets.list',
  method: 'GET',
  path: '/storage/v1/b',
  permission: 'storage.buckets.list',
  run(call) {
    const listing = new Listing(call.project, data.buckets, call.knobs);
    const { items, next } = call.page(listing, { size: 'maxResults', most: 1000, otherwise: 1000 });
    return {
      kind: 'storage#buckets',
      ...(items.length === 0 ? {} : { items: items.map((one) => one.data) }),
      ...(next === undefined ? {} : { nextPageToken: next }),
    };
  },
};

export const cloudStorage: Service = {
  name: 'storage',
  host: 'storage.googleapis.com',
  style: 'legacy',
  operations: [listBuckets],
};
