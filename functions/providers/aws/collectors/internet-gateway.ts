import { DescribeInternetGatewaysCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, tagsOf } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'internet_gateway',
  service: 'ec2',
  scope: 'region',
  types: ['internet_gateway'],
  permissions: ['ec2:DescribeInternetGateways'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInternetGateways.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    InternetGatewayId: z.string(),
    OwnerId: z.string().optional(),
    Attachments: z.array(z.object({ State: z.string().optional(), VpcId: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeInternetGatewaysCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.InternetGateways, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${item.OwnerId ?? account}:internet-gateway/${item.InternetGatewayId}`,
    name: tagsOf(item.Tags).Name ?? item.InternetGatewayId,
    region,
    status: statusOf(item.Attachments),
    tags: tagsOf(item.Tags),
    configuration: fields({
      vpcs: (item.Attachments ?? []).flatMap(({ VpcId }) => (VpcId === undefined ? [] : [VpcId])),
    }),
  }),
}));

/** EC2 gives an attachment's state only: `available` for a gateway that is attached. */
function statusOf(attachments: readonly { readonly State?: string | undefined }[] | undefined): string {
  if (attachments === undefined) return 'unknown';
  const state = attachments.length === 0 ? 'detached' : attachments[0]?.State;
  return state === 'available' || state === 'attached' ? 'active' : (state ?? 'unknown');
}
