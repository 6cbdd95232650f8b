import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'cloudfront_distribution',
  service: 'cloudfront',
  scope: 'global',
  types: ['cloudfront_distribution'],
  permissions: ['cloudfront:ListDistributions'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ARN: z.string(),
    Id: z.string(),
    DomainName: z.string().optional(),
    Status: z.string().optional(),
    Enabled: z.boolean().optional(),
    HttpVersion: z.string().optional(),
    PriceClass: z.string().optional(),
    WebACLId: z.string().optional(),
    Aliases: z.object({ Items: z.array(z.string()).optional() }).optional(),
    Origins: z.object({ Items: z.array(z.object({ DomainName: z.string().optional() })).optional() }).optional(),
    DefaultCacheBehavior: z.object({ ViewerProtocolPolicy: z.string().optional() }).optional(),
    ViewerCertificate: z.object({ MinimumProtocolVersion: z.string().optional() }).optional(),
  }),
  async page(aws, token) {
    const command = new ListDistributionsCommand({ MaxItems: 100, Marker: token });
    const list = (await aws.client(CloudFrontClient).send(command)).DistributionList;
    return { items: list?.Items, next: list?.IsTruncated === true ? list.NextMarker : undefined };
  },
  toResource: (item) => ({
    external_id: item.ARN,
    name: item.Aliases?.Items?.[0] ?? item.DomainName ?? item.Id,
    region: 'global',
    status:
      item.Enabled === false
        ? 'stopped'
        : item.Status === 'Deployed'
          ? 'active'
          : (item.Status ?? 'unknown').toLowerCase(),
    tags: {},
    configuration: fields({
      domain: item.DomainName,
      aliases: item.Aliases?.Items ?? [],
      origins: (item.Origins?.Items ?? []).flatMap(({ DomainName }) => (DomainName === undefined ? [] : [DomainName])),
      enabled: known(item.Enabled),
      viewer_protocol: item.DefaultCacheBehavior?.ViewerProtocolPolicy,
      least_tls: item.ViewerCertificate?.MinimumProtocolVersion,
      http_version: item.HttpVersion,
      price_class: item.PriceClass,
      web_acl: item.WebACLId || undefined,
    }),
  }),
}));
