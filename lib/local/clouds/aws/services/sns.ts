import { ListTopicsResponse$ } from '@aws-sdk/client-sns';
import { topics } from '../inventory/sns.ts';
import type { Service } from './operation.ts';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
export const sns: Service = {
  name: 'sns',
  protocol: 'query',
  namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  global: false,
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AuthorizationError' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
  operations: [
    {
      name: 'ListTopics',
      run(call) {
        // It takes no size: a page is a hundred.
        const limits = { size: undefined, token: call.param('NextToken'), least: 1, most: 100, otherwise: 100 };
        const codes = { size: 'InvalidParameter', token: 'InvalidParameter' };
        const { items, next } = call.page(call.items(topics), { ...limits, codes });
        return { schema: ListTopicsResponse$, value: { Topics: items, NextToken: next } };
      },
    },
  ],
};
