import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type Answer, known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'apigatewayv2_api',
  // It shares its limits, its name in signatures and its permission with the REST APIs.
  service: 'apigateway',
  scope: 'region',
  types: ['apigatewayv2_api'],
  permissions: ['apigateway:GET'],
} as const satisfies CollectorFacts;

/** HTTP and WebSocket APIs cannot be private; with their own endpoint off a custom domain may stand before them. */
const PUBLIC: Readonly<Record<Answer, Answer>> = { no: 'yes', yes: 'unknown', unknown: 'unknown' };

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ApiId: z.string(),
    Name: z.string().optional(),
    ProtocolType: z.string().optional(),
    ApiEndpoint: z.string().optional(),
    CreatedDate: z.date().optional(),
    DisableExecuteApiEndpoint: z.boolean().optional(),
    IpAddressType: z.string().optional(),
    CorsConfiguration: z.object({ AllowOrigins: z.array(z.string()).optional() }).optional(),
    Tags: z.record(z.string(), z.string()).optional(),
  }),
  async page(aws, token) {
    const answer = await aws
      .client(ApiGatewayV2Client)
      .send(new GetApisCommand({ MaxResults: '500', NextToken: token }));
    return { items: answer.Items, next: answer.NextToken };
  },
  toResource: (item, { partition, region }) => ({
    external_id: `arn:${partition}:apigateway:${region}::/apis/${item.ApiId}`,
    name: item.Name ?? item.ApiId,
    region,
    status: 'active',
    tags: item.Tags ?? {},
    ...time(item.CreatedDate),
    configuration: fields({
      public: PUBLIC[known(item.DisableExecuteApiEndpoint)],
      protocol: item.ProtocolType,
      endpoint: item.ApiEndpoint,
      default_endpoint_disabled: known(item.DisableExecuteApiEndpoint),
      ip_address_type: item.IpAddressType,
      cors_origins: item.CorsConfiguration?.AllowOrigins,
    }),
  }),
}));
