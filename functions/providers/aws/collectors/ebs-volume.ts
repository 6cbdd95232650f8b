import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'ebs_volume',
  service: 'ec2',
  scope: 'region',
  types: ['ebs_volume'],
  permissions: ['ec2:DescribeVolumes'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    VolumeId: z.string(),
    AvailabilityZone: z.string().optional(),
    CreateTime: z.date().optional(),
    Encrypted: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    Size: z.number().optional(),
    State: z.string().optional(),
    VolumeType: z.string().optional(),
    Attachments: z.array(z.object({ InstanceId: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(EC2Client).send(new DescribeVolumesCommand({ MaxResults: 1000, NextToken: token }));
    return { items: answer.Volumes, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${account}:volume/${item.VolumeId}`,
    name: tagsOf(item.Tags).Name ?? item.VolumeId,
    region,
    status: item.State === 'in-use' || item.State === 'available' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    ...time(item.CreateTime),
    configuration: fields({
      encrypted: known(item.Encrypted),
      kms_key: item.KmsKeyId,
      size_gib: item.Size,
      volume_type: item.VolumeType,
      zone: item.AvailabilityZone,
      attached_to: (item.Attachments ?? []).flatMap(({ InstanceId }) => (InstanceId === undefined ? [] : [InstanceId])),
    }),
  }),
}));
