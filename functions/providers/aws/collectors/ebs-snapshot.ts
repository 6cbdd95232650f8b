import { DescribeSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'ebs_snapshot',
  service: 'ec2',
  scope: 'region',
  types: ['ebs_snapshot'],
  permissions: ['ec2:DescribeSnapshots'],
} as const satisfies CollectorFacts;

/** Without an owner the list holds every public snapshot. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    SnapshotId: z.string(),
    OwnerId: z.string().optional(),
    VolumeId: z.string().optional(),
    VolumeSize: z.number().optional(),
    State: z.string().optional(),
    StartTime: z.date().optional(),
    StorageTier: z.string().optional(),
    Encrypted: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.Snapshots, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${item.OwnerId ?? account}:snapshot/${item.SnapshotId}`,
    name: tagsOf(item.Tags).Name ?? item.SnapshotId,
    region,
    status: item.State === 'completed' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    ...time(item.StartTime),
    configuration: fields({
      encrypted: known(item.Encrypted),
      kms_key: item.KmsKeyId,
      size_gib: item.VolumeSize,
      volume: item.VolumeId,
      storage_tier: item.StorageTier,
      public: 'unknown',
      public_reason: 'the list of snapshots does not say with whom they are shared',
    }),
  }),
}));
