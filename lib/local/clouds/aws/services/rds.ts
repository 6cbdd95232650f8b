import { DBClusterMessage$, DBInstanceMessage$, DBSnapshotMessage$ } from '@aws-sdk/client-rds';
import { clusters, databases, dbSnapshots } from '../inventory/rds.ts';
import type { Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';
import { listOfRecords } from './records.ts';

export const rds: Service = {
  ...queryRefusals,
  name: 'rds',
  namespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
  operations: [
    listOfRecords('DescribeDBInstances', DBInstanceMessage$, 'DBInstances', databases),
    listOfRecords('DescribeDBClusters', DBClusterMessage$, 'DBClusters', clusters),
    listOfRecords('DescribeDBSnapshots', DBSnapshotMessage$, 'DBSnapshots', dbSnapshots),
  ],
};
