import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';
import { publicByScheme } from '../load-balancing.ts';

export const facts = {
  name: 'elbv2_load_balancer',
  service: 'elasticloadbalancing',
  scope: 'region',
  types: ['elbv2_load_balancer'],
  permissions: ['elasticloadbalancing:DescribeLoadBalancers'],
} as const satisfies CollectorFacts;

/** The list leaves out tags and listeners. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    LoadBalancerArn: z.string(),
    LoadBalancerName: z.string(),
    Type: z.string().optional(),
    Scheme: z.string().optional(),
    DNSName: z.string().optional(),
    CreatedTime: z.date().optional(),
    VpcId: z.string().optional(),
    IpAddressType: z.string().optional(),
    State: z.object({ Code: z.string().optional() }).optional(),
    AvailabilityZones: z.array(z.object({ SubnetId: z.string().optional() })).optional(),
    SecurityGroups: z.array(z.string()).optional(),
  }),
  async page(aws, token) {
    const command = new DescribeLoadBalancersCommand({ PageSize: 400, Marker: token });
    const answer = await aws.client(ElasticLoadBalancingV2Client).send(command);
    return { items: answer.LoadBalancers, next: answer.NextMarker };
  },
  toResource: (item, { region }) => ({
    external_id: item.LoadBalancerArn,
    name: item.LoadBalancerName,
    region,
    status: (item.State?.Code ?? 'unknown').toLowerCase(),
    tags: {},
    ...time(item.CreatedTime),
    configuration: fields({
      balancer_type: item.Type,
      public: publicByScheme(item.Scheme),
      encrypted_in_transit: 'unknown',
      encrypted_in_transit_reason: 'the list of load balancers does not hold their listeners',
      domain: item.DNSName,
      vpc: item.VpcId,
      subnets: (item.AvailabilityZones ?? []).flatMap(({ SubnetId: id }) => (id === undefined ? [] : [id])),
      security_groups: item.SecurityGroups ?? [],
      ip_address_type: item.IpAddressType,
    }),
  }),
}));
