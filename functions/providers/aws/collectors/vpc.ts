import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'vpc',
  service: 'ec2',
  scope: 'region',
  types: ['vpc'],
  permissions: ['ec2:DescribeVpcs'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    VpcId: z.string(),
    CidrBlock: z.string().optional(),
    IsDefault: z.boolean().optional(),
    State: z.string().optional(),
    InstanceTenancy: z.string().optional(),
    DhcpOptionsId: z.string().optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(EC2Client).send(new DescribeVpcsCommand({ MaxResults: 1000, NextToken: token }));
    return { items: answer.Vpcs, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${account}:vpc/${item.VpcId}`,
    name: tagsOf(item.Tags).Name ?? item.VpcId,
    region,
    status: item.State === 'available' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    configuration: fields({
      cidr: item.CidrBlock,
      default: known(item.IsDefault),
      tenancy: item.InstanceTenancy,
      dhcp_options: item.DhcpOptionsId,
    }),
  }),
}));
