import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';
import { encryptedByProtocols } from '../load-balancing.ts';

export const facts = {
  name: 'elbv2_target_group',
  service: 'elasticloadbalancing',
  scope: 'region',
  types: ['elbv2_target_group'],
  permissions: ['elasticloadbalancing:DescribeTargetGroups'],
} as const satisfies CollectorFacts;

/** The health check's path may carry a token: it is not named here. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    TargetGroupArn: z.string(),
    TargetGroupName: z.string(),
    TargetType: z.string().optional(),
    Protocol: z.string().optional(),
    ProtocolVersion: z.string().optional(),
    Port: z.number().optional(),
    VpcId: z.string().optional(),
    HealthCheckEnabled: z.boolean().optional(),
    HealthCheckProtocol: z.string().optional(),
    LoadBalancerArns: z.array(z.string()).optional(),
  }),
  async page(aws, token) {
    const command = new DescribeTargetGroupsCommand({ PageSize: 400, Marker: token });
    const answer = await aws.client(ElasticLoadBalancingV2Client).send(command);
    return { items: answer.TargetGroups, next: answer.NextMarker };
  },
  toResource: (item, { region }) => ({
    external_id: item.TargetGroupArn,
    name: item.TargetGroupName,
    region,
    status: 'active',
    tags: {},
    configuration: fields({
      target_type: item.TargetType,
      protocol: item.Protocol,
      protocol_version: item.ProtocolVersion,
      port: item.Port,
      encrypted_to_targets: encryptedByProtocols([item.Protocol]),
      vpc: item.VpcId,
      health_check: known(item.HealthCheckEnabled),
      health_check_protocol: item.HealthCheckProtocol,
      load_balancers: item.LoadBalancerArns ?? [],
    }),
  }),
}));
