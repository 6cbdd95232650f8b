import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'ec2_instance',
  service: 'ec2',
  scope: 'region',
  types: ['ec2_instance'],
  permissions: ['ec2:DescribeInstances'],
} as const satisfies CollectorFacts;

/** Cloud words -> ours; the others stand as they are. A terminated one lingers for about an hour. */
const STATUS: Readonly<Record<string, string>> = { running: 'active', stopped: 'stopped', terminated: 'deleted' };

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    InstanceId: z.string(),
    InstanceType: z.string().optional(),
    ImageId: z.string().optional(),
    LaunchTime: z.date().optional(),
    VpcId: z.string().optional(),
    SubnetId: z.string().optional(),
    PrivateIpAddress: z.string().optional(),
    PublicIpAddress: z.string().optional(),
    Architecture: z.string().optional(),
    State: z.object({ Name: z.string().optional() }).optional(),
    IamInstanceProfile: z.object({ Arn: z.string().optional() }).optional(),
    MetadataOptions: z.object({ HttpTokens: z.string().optional() }).optional(),
    SecurityGroups: z.array(z.object({ GroupId: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeInstancesCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.Reservations?.flatMap((one) => one.Instances ?? []), next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${account}:instance/${item.InstanceId}`,
    name: tagsOf(item.Tags).Name ?? item.InstanceId,
    region,
    status: STATUS[item.State?.Name ?? ''] ?? item.State?.Name ?? 'unknown',
    tags: tagsOf(item.Tags),
    ...time(item.LaunchTime),
    configuration: fields({
      instance_type: item.InstanceType,
      image: item.ImageId,
      architecture: item.Architecture,
      vpc: item.VpcId,
      subnet: item.SubnetId,
      private_ip: item.PrivateIpAddress,
      public_ip: item.PublicIpAddress,
      // The answer always carries a public address where there is one; whether it can be reached is the groups' matter.
      public_address: item.PublicIpAddress === undefined ? 'no' : 'yes',
      instance_profile: item.IamInstanceProfile?.Arn,
      metadata_tokens: item.MetadataOptions?.HttpTokens ?? 'unknown',
      security_groups: (item.SecurityGroups ?? []).flatMap(({ GroupId }) => (GroupId === undefined ? [] : [GroupId])),
    }),
  }),
}));
