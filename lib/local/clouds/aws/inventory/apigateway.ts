import type { RestApi } from '@aws-sdk/client-api-gateway';
import type { Api } from '@aws-sdk/client-apigatewayv2';
import { CANARY } from '../accounts.ts';
import type { Random } from '../random.ts';
import { byBusiness, type Kind, tagsFor } from './kind.ts';

const tagsAsRecord = (random: Random): Record<string, string> =>
  Object.fromEntries(tagsFor(random, undefined).map(({ Key, Value }) => [Key, Value]));

export const restApis: Kind<RestApi> = {
  name: 'apigateway_rest_api',
  global: false,
  count: byBusiness([0, 0, 1, 3]),
  make({ region, index, random }) {
    const id = random.hex(10);
    const arn = `arn:aws:apigateway:${region}::/restapis/${id}`;
    const isPrivate = index % 3 === 2;
    const item: RestApi = {
      id,
      name: `rest-api-${index}`,
      description: CANARY,
      createdDate: random.date(),
      version: '1',
      warnings: [CANARY],
      apiKeySource: 'HEADER',
      endpointConfiguration: {
        types: [isPrivate ? 'PRIVATE' : 'REGIONAL'],
        ipAddressType: isPrivate ? 'dualstack' : 'ipv4',
        ...(isPrivate ? { vpcEndpointIds: [`vpce-${random.hex(17)}`] } : {}),
      },
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: CANARY }] }),
      tags: tagsAsRecord(random),
      disableExecuteApiEndpoint: random.chance(0.3),
      rootResourceId: random.hex(10),
      securityPolicy: 'TLS_1_2',
    };
    return { type: 'apigateway_rest_api', arn, item };
  },
  alter: (item, turn) => ({ ...item, tags: { ...item.tags, revision: String(turn) } }),
};

export const httpApis: Kind<Api> = {
  name: 'apigatewayv2_api',
  global: false,
  count: byBusiness([0, 0, 1, 4]),
  make({ region, index, random }) {
    const id = random.hex(10);
    const arn = `arn:aws:apigateway:${region}::/apis/${id}`;
    const socket = index % 4 === 3;
    const item: Api = {
      ApiEndpoint: `${socket ? 'wss' : 'https'}://${id}.execute-api.${region}.amazonaws.com`,
      ApiId: id,
      ApiKeySelectionExpression: '$request.header.x-api-key',
      CreatedDate: random.date(),
      Description: CANARY,
      DisableExecuteApiEndpoint: random.chance(0.3),
      ImportInfo: [CANARY],
      IpAddressType: 'ipv4',
      Name: `api-${index}`,
      ProtocolType: socket ? 'WEBSOCKET' : 'HTTP',
      RouteSelectionExpression: socket ? '$request.body.action' : `\${request.method} \${request.path}`,
      Tags: tagsAsRecord(random),
      ...(socket ? {} : { CorsConfiguration: { AllowOrigins: [random.pick('*', 'https://www.example.com')] } }),
    };
    return { type: 'apigatewayv2_api', arn, item };
  },
  alter: (item, turn) => ({ ...item, Tags: { ...item.Tags, revision: String(turn) } }),
};
