import { DescribeTransitGatewaysCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type Answer, known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'transit_gateway',
  service: 'ec2',
  scope: 'region',
  types: ['transit_gateway'],
  permissions: ['ec2:DescribeTransitGateways'],
} as const satisfies CollectorFacts;

/** Also answers those that other accounts share with this one. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGateways.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    TransitGatewayId: z.string(),
    TransitGatewayArn: z.string(),
    OwnerId: z.string().optional(),
    State: z.string().optional(),
    CreationTime: z.date().optional(),
    Options: z
      .object({
        AmazonSideAsn: z.number().optional(),
        AutoAcceptSharedAttachments: z.string().optional(),
        DefaultRouteTableAssociation: z.string().optional(),
        DefaultRouteTablePropagation: z.string().optional(),
      })
      .default({}),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeTransitGatewaysCommand({ MaxResults: 1000, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.TransitGateways, next: answer.NextToken };
  },
  toResource: (item, { account, region }) => ({
    external_id: item.TransitGatewayArn,
    name: tagsOf(item.Tags).Name ?? item.TransitGatewayId,
    region,
    status: item.State === 'available' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    ...time(item.CreationTime),
    configuration: fields({
      owner: item.OwnerId,
      shared_by_other_account: item.OwnerId === undefined ? 'unknown' : known(item.OwnerId !== account),
      auto_accept_shared: enabled(item.Options.AutoAcceptSharedAttachments),
      default_association: enabled(item.Options.DefaultRouteTableAssociation),
      default_propagation: enabled(item.Options.DefaultRouteTablePropagation),
      asn: item.Options.AmazonSideAsn,
    }),
  }),
}));

const enabled = (word: string | undefined): Answer => (word === undefined ? 'unknown' : known(word === 'enable'));
