import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'network_interface',
  service: 'ec2',
  scope: 'region',
  types: ['network_interface'],
  permissions: ['ec2:DescribeNetworkInterfaces'],
} as const satisfies CollectorFacts;

const associationSchema = () => z.object({ PublicIp: z.string().optional() }).optional();

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    NetworkInterfaceId: z.string(),
    OwnerId: z.string().optional(),
    InterfaceType: z.string().optional(),
    Status: z.string().optional(),
    VpcId: z.string().optional(),
    SubnetId: z.string().optional(),
    AvailabilityZone: z.string().optional(),
    PrivateIpAddress: z.string().optional(),
    RequesterManaged: z.boolean().optional(),
    SourceDestCheck: z.boolean().optional(),
    Association: associationSchema(),
    PrivateIpAddresses: z.array(z.object({ Association: associationSchema() })).optional(),
    Attachment: z.object({ InstanceId: z.string().optional() }).optional(),
    Groups: z.array(z.object({ GroupId: z.string().optional() })).optional(),
    TagSet: tags,
  }),
  async page(aws, token) {
    const command = new DescribeNetworkInterfacesCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.NetworkInterfaces, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    // The owner of a shared network also sees those of the accounts that it is shared with.
    external_id: `arn:${partition}:ec2:${region}:${item.OwnerId ?? account}:network-interface/${item.NetworkInterfaceId}`,
    name: tagsOf(item.TagSet).Name ?? item.NetworkInterfaceId,
    region,
    status: item.Status === 'in-use' || item.Status === 'available' ? 'active' : (item.Status ?? 'unknown'),
    tags: tagsOf(item.TagSet),
    configuration: fields({
      interface_type: item.InterfaceType,
      attached: item.Status === undefined ? 'unknown' : known(item.Status === 'in-use'),
      attached_to: item.Attachment?.InstanceId,
      vpc: item.VpcId,
      subnet: item.SubnetId,
      zone: item.AvailabilityZone,
      private_ip: item.PrivateIpAddress,
      public_ips: publicIps(item),
      // The answer always carries a public address where there is one; whether it can be reached is the groups' matter.
      public_address: known(publicIps(item).length > 0),
      managed_by_aws: known(item.RequesterManaged),
      source_dest_check: known(item.SourceDestCheck),
      security_groups: (item.Groups ?? []).flatMap(({ GroupId }) => (GroupId === undefined ? [] : [GroupId])),
    }),
  }),
}));

interface Addressed {
  readonly Association?: { readonly PublicIp?: string | undefined } | undefined;
}

/** An interface's own association is that of its first address only; each further one may have one, too. */
function publicIps(item: Addressed & { readonly PrivateIpAddresses?: readonly Addressed[] | undefined }): string[] {
  const all = [item, ...(item.PrivateIpAddresses ?? [])].map((one) => one.Association?.PublicIp);
  return [...new Set(all.flatMap((ip) => (ip === undefined ? [] : [ip])))];
}
