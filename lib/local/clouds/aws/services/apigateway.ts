import { RestApis$ } from '@aws-sdk/client-api-gateway';
import { GetApisResponse$ } from '@aws-sdk/client-apigatewayv2';
import { httpApis, restApis } from '../inventory/apigateway.ts';
import type { Service } from './operation.ts';

/** In a policy every read of either API is one action. */
const permission = 'apigateway:GET';
const limits = {
  least: 1,
  most: 500,
  otherwise: 25,
  codes: { size: 'BadRequestException', token: 'BadRequestException' },
};

/** Both APIs answer under one name and are told apart by their paths. */
export const apigateway: Service = {
  name: 'apigateway',
  protocol: 'rest-json',
  namespace: '',
  global: false,
  throttle: { status: 429, code: 'TooManyRequestsException' },
  denied: { status: 403, code: 'AccessDeniedException' },
  unknownKey: { status: 403, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 403, code: 'InvalidSignatureException' },
  operations: [
    {
      name: 'GetRestApis',
      rest: { method: 'GET', path: '/restapis' },
      permission,
      run(call) {
        const asked = { size: call.param('limit'), token: call.param('position') };
        const { items, next } = call.page(call.items(restApis), { ...limits, ...asked });
        return { schema: RestApis$, value: { items, position: next } };
      },
    },
    {
      name: 'GetApis',
      rest: { method: 'GET', path: '/v2/apis' },
      permission,
      run(call) {
        const asked = { size: call.param('maxResults'), token: call.param('nextToken') };
        const { items, next } = call.page(call.items(httpApis), { ...limits, ...asked });
        return { schema: GetApisResponse$, value: { Items: items, NextToken: next } };
      },
    },
  ],
};
