import { DescribeNatGatewaysCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'nat_gateway',
  service: 'ec2',
  scope: 'region',
  types: ['nat_gateway'],
  permissions: ['ec2:DescribeNatGateways'],
} as const satisfies CollectorFacts;

/** A deleted one lingers for about an hour. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNatGateways.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    NatGatewayId: z.string(),
    VpcId: z.string().optional(),
    SubnetId: z.string().optional(),
    State: z.string().optional(),
    CreateTime: z.date().optional(),
    ConnectivityType: z.string().optional(),
    AvailabilityMode: z.string().optional(),
    NatGatewayAddresses: z.array(z.object({ PublicIp: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeNatGatewaysCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.NatGateways, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${account}:natgateway/${item.NatGatewayId}`,
    name: tagsOf(item.Tags).Name ?? item.NatGatewayId,
    region,
    status: item.State === 'available' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    ...time(item.CreateTime),
    configuration: fields({
      vpc: item.VpcId,
      subnet: item.SubnetId,
      connectivity: item.ConnectivityType ?? 'unknown',
      availability: item.AvailabilityMode,
      public_ips: (item.NatGatewayAddresses ?? []).flatMap(({ PublicIp: ip }) => (ip === undefined ? [] : [ip])),
    }),
  }),
}));
