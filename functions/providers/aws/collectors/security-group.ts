import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'security_group',
  service: 'ec2',
  scope: 'region',
  types: ['security_group'],
  permissions: ['ec2:DescribeSecurityGroups'],
} as const satisfies CollectorFacts;

const ruleSchema = () =>
  z.object({
    IpProtocol: z.string().optional(),
    FromPort: z.number().optional(),
    ToPort: z.number().optional(),
    IpRanges: z.array(z.object({ CidrIp: z.string().optional() })).optional(),
    Ipv6Ranges: z.array(z.object({ CidrIpv6: z.string().optional() })).optional(),
  });
type Rule = z.infer<ReturnType<typeof ruleSchema>>;

const isOpen = (one: Rule): boolean =>
  (one.IpRanges ?? []).some(({ CidrIp }) => CidrIp === '0.0.0.0/0') ||
  (one.Ipv6Ranges ?? []).some(({ CidrIpv6 }) => CidrIpv6 === '::/0');

function portsOf({ IpProtocol, FromPort, ToPort }: Rule): string {
  if (IpProtocol === '-1') return 'all';
  const ports = FromPort === ToPort ? `${FromPort ?? 'all'}` : `${FromPort}-${ToPort}`;
  return `${IpProtocol ?? 'unknown'}:${ports}`;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    GroupId: z.string(),
    GroupName: z.string().optional(),
    SecurityGroupArn: z.string().optional(),
    VpcId: z.string().optional(),
    IpPermissions: z.array(ruleSchema()).optional(),
    IpPermissionsEgress: z.array(ruleSchema()).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeSecurityGroupsCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.SecurityGroups, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: item.SecurityGroupArn ?? `arn:${partition}:ec2:${region}:${account}:security-group/${item.GroupId}`,
    name: tagsOf(item.Tags).Name ?? item.GroupName ?? item.GroupId,
    region,
    status: 'active',
    tags: tagsOf(item.Tags),
    configuration: fields({
      group_name: item.GroupName,
      vpc: item.VpcId,
      open_to_world: (item.IpPermissions ?? []).some(isOpen) ? 'yes' : 'no',
      open_ports: (item.IpPermissions ?? []).filter(isOpen).map(portsOf),
      ingress_rules: item.IpPermissions?.length ?? 0,
      egress_rules: item.IpPermissionsEgress?.length ?? 0,
    }),
  }),
}));
