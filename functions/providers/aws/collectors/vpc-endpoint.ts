import { DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'vpc_endpoint',
  service: 'ec2',
  scope: 'region',
  types: ['vpc_endpoint'],
  permissions: ['ec2:DescribeVpcEndpoints'],
} as const satisfies CollectorFacts;

/** The policy's text is not named here. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    VpcEndpointId: z.string(),
    OwnerId: z.string().optional(),
    VpcEndpointType: z.string().optional(),
    VpcId: z.string().optional(),
    ServiceName: z.string().optional(),
    State: z.string().optional(),
    CreationTimestamp: z.date().optional(),
    PrivateDnsEnabled: z.boolean().optional(),
    RequesterManaged: z.boolean().optional(),
    RouteTableIds: z.array(z.string()).optional(),
    SubnetIds: z.array(z.string()).optional(),
    Groups: z.array(z.object({ GroupId: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeVpcEndpointsCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.VpcEndpoints, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${item.OwnerId ?? account}:vpc-endpoint/${item.VpcEndpointId}`,
    name: tagsOf(item.Tags).Name ?? item.VpcEndpointId,
    region,
    status: statusOf(item.State),
    tags: tagsOf(item.Tags),
    ...time(item.CreationTimestamp),
    configuration: fields({
      endpoint_type: item.VpcEndpointType,
      service: item.ServiceName,
      vpc: item.VpcId,
      subnets: item.SubnetIds ?? [],
      route_tables: item.RouteTableIds ?? [],
      private_dns: known(item.PrivateDnsEnabled),
      managed_by_aws: known(item.RequesterManaged),
      security_groups: (item.Groups ?? []).flatMap(({ GroupId }) => (GroupId === undefined ? [] : [GroupId])),
    }),
  }),
}));

/** EC2 writes these states now with a capital, now without. */
function statusOf(state = 'unknown'): string {
  const word = state.toLowerCase();
  return word === 'available' ? 'active' : word;
}
