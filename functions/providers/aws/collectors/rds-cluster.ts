import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { databaseStatus, serviceOfEngine } from '../engines.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'rds_cluster',
  service: 'rds',
  scope: 'region',
  types: ['rds_cluster', 'neptune_cluster', 'docdb_cluster'],
  permissions: ['rds:DescribeDBClusters'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    DBClusterArn: z.string(),
    DBClusterIdentifier: z.string(),
    Status: z.string().optional(),
    Engine: z.string().optional(),
    EngineVersion: z.string().optional(),
    ClusterCreateTime: z.date().optional(),
    BackupRetentionPeriod: z.number().optional(),
    DeletionProtection: z.boolean().optional(),
    MultiAZ: z.boolean().optional(),
    PubliclyAccessible: z.boolean().optional(),
    StorageEncrypted: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    DBClusterMembers: z.array(z.object({ DBInstanceIdentifier: z.string().optional() })).optional(),
    TagList: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(RDSClient).send(new DescribeDBClustersCommand({ MaxRecords: 100, Marker: token }));
    return { items: answer.DBClusters, next: answer.Marker };
  },
  toResource: (item, { region }) => ({
    type: `${serviceOfEngine(item.Engine)}_cluster`,
    external_id: item.DBClusterArn,
    name: item.DBClusterIdentifier,
    region,
    status: databaseStatus(item.Status),
    tags: tagsOf(item.TagList),
    ...time(item.ClusterCreateTime),
    configuration: fields({
      engine: item.Engine,
      engine_version: item.EngineVersion,
      // Given for some kinds of cluster only; of the others the instances say it.
      public: known(item.PubliclyAccessible),
      encrypted: known(item.StorageEncrypted),
      kms_key: item.KmsKeyId,
      multi_az: known(item.MultiAZ),
      deletion_protection: known(item.DeletionProtection),
      backup_days: item.BackupRetentionPeriod,
      members: (item.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier: id }) => (id === undefined ? [] : [id])),
    }),
  }),
}));
