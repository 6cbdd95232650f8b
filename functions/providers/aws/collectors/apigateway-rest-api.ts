import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type Answer, known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'apigateway_rest_api',
  service: 'apigateway',
  scope: 'region',
  types: ['apigateway_rest_api'],
  permissions: ['apigateway:GET'],
} as const satisfies CollectorFacts;

/** Whether the API's own endpoint is on the internet. With that switched off a custom domain may still stand before it. */
function isPublic(types: readonly string[] | undefined, disabled: boolean | undefined): Answer {
  if (types === undefined || types.length === 0) return 'unknown';
  if (types.every((type) => type === 'PRIVATE')) return 'no';
  return disabled === true ? 'unknown' : 'yes';
}

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    id: z.string(),
    name: z.string().optional(),
    createdDate: z.date().optional(),
    apiStatus: z.string().optional(),
    apiKeySource: z.string().optional(),
    securityPolicy: z.string().optional(),
    disableExecuteApiEndpoint: z.boolean().optional(),
    endpointConfiguration: z
      .object({ types: z.array(z.string()).optional(), vpcEndpointIds: z.array(z.string()).optional() })
      .optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(APIGatewayClient).send(new GetRestApisCommand({ limit: 500, position: token }));
    return { items: answer.items, next: answer.position };
  },
  toResource: (item, { partition, region }) => ({
    external_id: `arn:${partition}:apigateway:${region}::/restapis/${item.id}`,
    name: item.name ?? item.id,
    region,
    // An API that is listed without a word about it can be called.
    status: (item.apiStatus ?? 'AVAILABLE') === 'AVAILABLE' ? 'active' : (item.apiStatus ?? '').toLowerCase(),
    tags: item.tags ?? {},
    ...time(item.createdDate),
    configuration: fields({
      public: isPublic(item.endpointConfiguration?.types, item.disableExecuteApiEndpoint),
      endpoint_types: item.endpointConfiguration?.types,
      vpc_endpoints: item.endpointConfiguration?.vpcEndpointIds,
      default_endpoint_disabled: known(item.disableExecuteApiEndpoint),
      security_policy: item.securityPolicy,
      api_key_source: item.apiKeySource,
    }),
  }),
}));
