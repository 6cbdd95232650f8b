import { DescribeLoadBalancersCommand, ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';
import { encryptedByProtocols, publicByScheme } from '../load-balancing.ts';

export const facts = {
  name: 'elb_classic',
  service: 'elasticloadbalancing',
  scope: 'region',
  types: ['elb_classic'],
  permissions: ['elasticloadbalancing:DescribeLoadBalancers'],
} as const satisfies CollectorFacts;

const listenersSchema = () =>
  z.array(
    z.object({
      Listener: z.object({ Protocol: z.string().optional(), LoadBalancerPort: z.number().optional() }).optional(),
    }),
  );

/** The health check's path may carry a token: it is not named here. @see https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeLoadBalancers.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    LoadBalancerName: z.string(),
    DNSName: z.string().optional(),
    Scheme: z.string().optional(),
    VPCId: z.string().optional(),
    CreatedTime: z.date().optional(),
    Subnets: z.array(z.string()).optional(),
    SecurityGroups: z.array(z.string()).optional(),
    Instances: z.array(z.object({ InstanceId: z.string().optional() })).optional(),
    ListenerDescriptions: listenersSchema().optional(),
  }),
  async page(aws, token) {
    const command = new DescribeLoadBalancersCommand({ PageSize: 400, Marker: token });
    const answer = await aws.client(ElasticLoadBalancingClient).send(command);
    return { items: answer.LoadBalancerDescriptions, next: answer.NextMarker };
  },
  toResource: ({ ListenerDescriptions: listeners, ...item }, { account, partition, region }) => ({
    external_id: `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/${item.LoadBalancerName}`,
    name: item.LoadBalancerName,
    region,
    status: 'active',
    tags: {},
    ...time(item.CreatedTime),
    configuration: fields({
      public: publicByScheme(item.Scheme),
      encrypted_in_transit: encryptedByProtocols((listeners ?? []).map(({ Listener }) => Listener?.Protocol)),
      listeners: (listeners ?? []).map(
        ({ Listener }) => `${Listener?.Protocol ?? 'unknown'}:${Listener?.LoadBalancerPort ?? 'unknown'}`,
      ),
      domain: item.DNSName,
      vpc: item.VPCId,
      subnets: item.Subnets ?? [],
      security_groups: item.SecurityGroups ?? [],
      instances: item.Instances?.length,
    }),
  }),
}));
