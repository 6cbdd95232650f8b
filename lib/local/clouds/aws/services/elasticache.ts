import { CacheClusterMessage$ } from '@aws-sdk/client-elasticache';
import { caches } from '../inventory/elasticache.ts';
import type { Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';
import { listOfRecords } from './records.ts';

export const elasticache: Service = {
  ...queryRefusals,
  name: 'elasticache',
  namespace: 'http://elasticache.amazonaws.com/doc/2015-02-02/',
  operations: [listOfRecords('DescribeCacheClusters', CacheClusterMessage$, 'CacheClusters', caches)],
};
