import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'subnet',
  service: 'ec2',
  scope: 'region',
  types: ['subnet'],
  permissions: ['ec2:DescribeSubnets'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    SubnetId: z.string(),
    SubnetArn: z.string().optional(),
    VpcId: z.string().optional(),
    CidrBlock: z.string().optional(),
    AvailabilityZone: z.string().optional(),
    State: z.string().optional(),
    DefaultForAz: z.boolean().optional(),
    MapPublicIpOnLaunch: z.boolean().optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(EC2Client).send(new DescribeSubnetsCommand({ MaxResults: 1000, NextToken: token }));
    return { items: answer.Subnets, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: item.SubnetArn ?? `arn:${partition}:ec2:${region}:${account}:subnet/${item.SubnetId}`,
    name: tagsOf(item.Tags).Name ?? item.SubnetId,
    region,
    status: item.State === 'available' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    configuration: fields({
      vpc: item.VpcId,
      cidr: item.CidrBlock,
      zone: item.AvailabilityZone,
      default: known(item.DefaultForAz),
      public_ip_on_launch: known(item.MapPublicIpOnLaunch),
    }),
  }),
}));
