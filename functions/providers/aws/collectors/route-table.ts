import { DescribeRouteTablesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'route_table',
  service: 'ec2',
  scope: 'region',
  types: ['route_table'],
  permissions: ['ec2:DescribeRouteTables'],
} as const satisfies CollectorFacts;

/** 100 a page at most. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    RouteTableId: z.string(),
    OwnerId: z.string().optional(),
    VpcId: z.string().optional(),
    Associations: z.array(z.object({ Main: z.boolean().optional(), SubnetId: z.string().optional() })).optional(),
    Routes: z
      .array(
        z.object({
          GatewayId: z.string().optional(),
          NatGatewayId: z.string().optional(),
          TransitGatewayId: z.string().optional(),
          VpcPeeringConnectionId: z.string().optional(),
          EgressOnlyInternetGatewayId: z.string().optional(),
          NetworkInterfaceId: z.string().optional(),
          CarrierGatewayId: z.string().optional(),
          LocalGatewayId: z.string().optional(),
          CoreNetworkArn: z.string().optional(),
          State: z.string().optional(),
        }),
      )
      .optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeRouteTablesCommand({ MaxResults: 100, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.RouteTables, next: answer.NextToken };
  },
  toResource: ({ RouteTableId: id, Associations: associations, Routes: routes, ...item }, place) => ({
    external_id: `arn:${place.partition}:ec2:${place.region}:${item.OwnerId ?? place.account}:route-table/${id}`,
    name: tagsOf(item.Tags).Name ?? id,
    region: place.region,
    status: 'active',
    tags: tagsOf(item.Tags),
    configuration: fields({
      vpc: item.VpcId,
      main: known(associations?.some(({ Main }) => Main === true)),
      subnets: (associations ?? []).flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId])),
      internet_route: known(routes?.some(({ GatewayId, State }) => isInternet(GatewayId) && State !== 'blackhole')),
      targets: targetsOf(routes ?? []),
      routes: routes?.length,
      dead_routes: routes?.filter(({ State }) => State === 'blackhole').length,
    }),
  }),
}));

const isInternet = (gateway: string | undefined): boolean => gateway?.startsWith('igw-') === true;

/** Where routes lead, each once; `local` ones are in every table. */
function targetsOf(routes: readonly Readonly<Record<string, string | undefined>>[]): string[] {
  const named = routes.flatMap(({ State: _, ...targets }) => Object.values(targets));
  return [...new Set(named.flatMap((one) => (one === undefined || one === 'local' ? [] : [one])))].sort();
}
