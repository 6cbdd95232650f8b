import { DescribeClustersCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type Answer, known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'redshift_cluster',
  service: 'redshift',
  scope: 'region',
  types: ['redshift_cluster'],
  permissions: ['redshift:DescribeClusters'],
} as const satisfies CollectorFacts;

/** Cloud words -> ours; the others stand as they are. */
const STATUS: Readonly<Record<string, string>> = { available: 'active', paused: 'stopped' };
const MULTI_AZ: Readonly<Record<string, Answer>> = { enabled: 'yes', disabled: 'no' };

/** @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusters.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ClusterIdentifier: z.string(),
    ClusterStatus: z.string().optional(),
    ClusterCreateTime: z.date().optional(),
    ClusterVersion: z.string().optional(),
    NodeType: z.string().optional(),
    NumberOfNodes: z.number().optional(),
    AllowVersionUpgrade: z.boolean().optional(),
    AutomatedSnapshotRetentionPeriod: z.number().optional(),
    Encrypted: z.boolean().optional(),
    EnhancedVpcRouting: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    MultiAZ: z.string().optional(),
    PubliclyAccessible: z.boolean().optional(),
    VpcId: z.string().optional(),
    VpcSecurityGroups: z.array(z.object({ VpcSecurityGroupId: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeClustersCommand({ MaxRecords: 100, Marker: token });
    const answer = await aws.client(RedshiftClient).send(command);
    return { items: answer.Clusters, next: answer.Marker };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:redshift:${region}:${account}:cluster:${item.ClusterIdentifier}`,
    name: item.ClusterIdentifier,
    region,
    status: STATUS[item.ClusterStatus ?? ''] ?? (item.ClusterStatus ?? 'unknown').toLowerCase(),
    tags: tagsOf(item.Tags),
    ...time(item.ClusterCreateTime),
    configuration: fields({
      version: item.ClusterVersion,
      node_type: item.NodeType,
      nodes: item.NumberOfNodes,
      public: known(item.PubliclyAccessible),
      encrypted: known(item.Encrypted),
      kms_key: item.KmsKeyId,
      enhanced_vpc_routing: known(item.EnhancedVpcRouting),
      multi_az: MULTI_AZ[(item.MultiAZ ?? '').toLowerCase()] ?? 'unknown',
      version_upgrades: known(item.AllowVersionUpgrade),
      backup_days: item.AutomatedSnapshotRetentionPeriod,
      vpc: item.VpcId,
      security_groups: (item.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) =>
        id === undefined ? [] : [id],
      ),
    }),
  }),
}));
