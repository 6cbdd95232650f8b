import { DescribeCacheClustersCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';
import { databaseStatus } from '../engines.ts';

export const facts = {
  name: 'elasticache_cluster',
  service: 'elasticache',
  scope: 'region',
  types: ['elasticache_cluster'],
  permissions: ['elasticache:DescribeCacheClusters'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheClusters.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ARN: z.string(),
    CacheClusterId: z.string(),
    CacheClusterStatus: z.string().optional(),
    CacheClusterCreateTime: z.date().optional(),
    CacheNodeType: z.string().optional(),
    CacheSubnetGroupName: z.string().optional(),
    Engine: z.string().optional(),
    EngineVersion: z.string().optional(),
    NumCacheNodes: z.number().optional(),
    ReplicationGroupId: z.string().optional(),
    SnapshotRetentionLimit: z.number().optional(),
    AtRestEncryptionEnabled: z.boolean().optional(),
    AuthTokenEnabled: z.boolean().optional(),
    AutoMinorVersionUpgrade: z.boolean().optional(),
    TransitEncryptionEnabled: z.boolean().optional(),
    SecurityGroups: z.array(z.object({ SecurityGroupId: z.string().optional() })).optional(),
  }),
  async page(aws, token) {
    const command = new DescribeCacheClustersCommand({ MaxRecords: 100, Marker: token });
    const answer = await aws.client(ElastiCacheClient).send(command);
    return { items: answer.CacheClusters, next: answer.Marker };
  },
  toResource: (item, { region }) => ({
    external_id: item.ARN,
    name: item.CacheClusterId,
    region,
    status: databaseStatus(item.CacheClusterStatus),
    tags: {},
    ...time(item.CacheClusterCreateTime),
    configuration: fields({
      engine: item.Engine,
      engine_version: item.EngineVersion,
      node_type: item.CacheNodeType,
      nodes: item.NumCacheNodes,
      encrypted: known(item.AtRestEncryptionEnabled),
      encrypted_in_transit: known(item.TransitEncryptionEnabled),
      auth_token: known(item.AuthTokenEnabled),
      backup_days: item.SnapshotRetentionLimit,
      minor_upgrades: known(item.AutoMinorVersionUpgrade),
      replication_group: item.ReplicationGroupId,
      subnet_group: item.CacheSubnetGroupName,
      security_groups: (item.SecurityGroups ?? []).flatMap(({ SecurityGroupId: id }) => (id === undefined ? [] : [id])),
    }),
  }),
}));
