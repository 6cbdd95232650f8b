import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'route53_hosted_zone',
  service: 'route53',
  scope: 'global',
  types: ['route53_hosted_zone'],
  permissions: ['route53:ListHostedZones'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Id: z.string(),
    Name: z.string(),
    Config: z.object({ PrivateZone: z.boolean().optional() }).optional(),
    LinkedService: z.object({ ServicePrincipal: z.string().optional() }).optional(),
    ResourceRecordSetCount: z.number().optional(),
  }),
  async page(aws, token) {
    const command = new ListHostedZonesCommand({ MaxItems: 100, Marker: token });
    const answer = await aws.client(Route53Client).send(command);
    return { items: answer.HostedZones, next: answer.IsTruncated === true ? answer.NextMarker : undefined };
  },
  toResource: (item, { partition }) => {
    const isPrivate = item.Config?.PrivateZone;
    return {
      external_id: `arn:${partition}:route53:::hostedzone/${item.Id.replace(/^\/hostedzone\//, '')}`,
      name: item.Name,
      region: 'global',
      status: 'active',
      tags: {},
      configuration: fields({
        public: isPrivate === undefined ? 'unknown' : known(!isPrivate),
        records: item.ResourceRecordSetCount,
        made_by: item.LinkedService?.ServicePrincipal,
        signed: 'unknown',
        signed_reason: 'the list of zones does not say whether DNSSEC is on',
      }),
    };
  },
}));
