import { DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { databaseStatus } from '../engines.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'rds_snapshot',
  service: 'rds',
  scope: 'region',
  types: ['rds_snapshot'],
  permissions: ['rds:DescribeDBSnapshots'],
} as const satisfies CollectorFacts;

/** Own snapshots, manual and automated. @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    DBSnapshotArn: z.string(),
    DBSnapshotIdentifier: z.string(),
    DBInstanceIdentifier: z.string().optional(),
    SnapshotCreateTime: z.date().optional(),
    SnapshotType: z.string().optional(),
    Status: z.string().optional(),
    Engine: z.string().optional(),
    EngineVersion: z.string().optional(),
    AllocatedStorage: z.number().optional(),
    StorageType: z.string().optional(),
    Encrypted: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    SourceRegion: z.string().optional(),
    VpcId: z.string().optional(),
    TagList: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(RDSClient).send(new DescribeDBSnapshotsCommand({ MaxRecords: 100, Marker: token }));
    return { items: answer.DBSnapshots, next: answer.Marker };
  },
  toResource: (item, { region }) => ({
    external_id: item.DBSnapshotArn,
    name: item.DBSnapshotIdentifier,
    region,
    status: databaseStatus(item.Status),
    tags: tagsOf(item.TagList),
    ...time(item.SnapshotCreateTime),
    configuration: fields({
      snapshot_type: item.SnapshotType,
      instance: item.DBInstanceIdentifier,
      engine: item.Engine,
      engine_version: item.EngineVersion,
      storage_gib: item.AllocatedStorage,
      storage_type: item.StorageType,
      encrypted: known(item.Encrypted),
      kms_key: item.KmsKeyId,
      source_region: item.SourceRegion,
      vpc: item.VpcId,
      public: 'unknown',
      public_reason: 'the list of snapshots does not say with whom they are shared',
    }),
  }),
}));
