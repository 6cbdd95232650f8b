import { ClustersMessage$ } from '@aws-sdk/client-redshift';
import { warehouses } from '../inventory/redshift.ts';
import type { Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';
import { listOfRecords } from './records.ts';

export const redshift: Service = {
  ...queryRefusals,
  name: 'redshift',
  namespace: 'http://redshift.amazonaws.com/doc/2012-12-01/',
  operations: [listOfRecords('DescribeClusters', ClustersMessage$, 'Clusters', warehouses)],
};
