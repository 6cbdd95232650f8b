import { DescribeAddressesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'elastic_ip',
  service: 'ec2',
  scope: 'region',
  types: ['elastic_ip'],
  permissions: ['ec2:DescribeAddresses'],
} as const satisfies CollectorFacts;

/** The one list of EC2's that has no pages. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    AllocationId: z.string(),
    PublicIp: z.string().optional(),
    AssociationId: z.string().optional(),
    InstanceId: z.string().optional(),
    NetworkInterfaceId: z.string().optional(),
    PrivateIpAddress: z.string().optional(),
    PublicIpv4Pool: z.string().optional(),
    NetworkBorderGroup: z.string().optional(),
    ServiceManaged: z.string().optional(),
    Tags: tags,
  }),
  async page(aws) {
    const answer = await aws.client(EC2Client).send(new DescribeAddressesCommand({}));
    return { items: answer.Addresses };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${account}:elastic-ip/${item.AllocationId}`,
    name: tagsOf(item.Tags).Name ?? item.PublicIp ?? item.AllocationId,
    region,
    status: 'active',
    tags: tagsOf(item.Tags),
    configuration: fields({
      public_ip: item.PublicIp,
      private_ip: item.PrivateIpAddress,
      // The answer always carries the association of an address that is in use.
      associated: item.AssociationId === undefined ? 'no' : 'yes',
      instance: item.InstanceId || undefined,
      network_interface: item.NetworkInterfaceId,
      pool: item.PublicIpv4Pool,
      border_group: item.NetworkBorderGroup,
      managed_by: item.ServiceManaged,
    }),
  }),
}));
