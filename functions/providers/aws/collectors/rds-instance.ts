import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { databaseStatus, serviceOfEngine } from '../engines.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'rds_instance',
  service: 'rds',
  scope: 'region',
  types: ['rds_instance', 'neptune_instance', 'docdb_instance'],
  permissions: ['rds:DescribeDBInstances'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    DBInstanceArn: z.string(),
    DBInstanceIdentifier: z.string(),
    DBInstanceClass: z.string().optional(),
    DBInstanceStatus: z.string().optional(),
    Engine: z.string().optional(),
    EngineVersion: z.string().optional(),
    AllocatedStorage: z.number().optional(),
    InstanceCreateTime: z.date().optional(),
    BackupRetentionPeriod: z.number().optional(),
    DeletionProtection: z.boolean().optional(),
    MultiAZ: z.boolean().optional(),
    PubliclyAccessible: z.boolean().optional(),
    StorageEncrypted: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    DBClusterIdentifier: z.string().optional(),
    DBSubnetGroup: z.object({ VpcId: z.string().optional() }).optional(),
    TagList: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(RDSClient).send(new DescribeDBInstancesCommand({ MaxRecords: 100, Marker: token }));
    return { items: answer.DBInstances, next: answer.Marker };
  },
  toResource: (item, { region }) => ({
    type: `${serviceOfEngine(item.Engine)}_instance`,
    external_id: item.DBInstanceArn,
    name: item.DBInstanceIdentifier,
    region,
    status: databaseStatus(item.DBInstanceStatus),
    tags: tagsOf(item.TagList),
    ...time(item.InstanceCreateTime),
    configuration: fields({
      engine: item.Engine,
      engine_version: item.EngineVersion,
      instance_class: item.DBInstanceClass,
      storage_gib: item.AllocatedStorage,
      public: known(item.PubliclyAccessible),
      encrypted: known(item.StorageEncrypted),
      kms_key: item.KmsKeyId,
      multi_az: known(item.MultiAZ),
      deletion_protection: known(item.DeletionProtection),
      backup_days: item.BackupRetentionPeriod,
      cluster: item.DBClusterIdentifier,
      vpc: item.DBSubnetGroup?.VpcId,
    }),
  }),
}));
