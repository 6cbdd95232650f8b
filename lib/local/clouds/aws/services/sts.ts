import { GetCallerIdentityResponse$ } from '@aws-sdk/client-sts';
import type { Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';

export const sts: Service = {
  ...queryRefusals,
  name: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: [
    {
      name: 'GetCallerIdentity',
      run: ({ account }) => ({
        schema: GetCallerIdentityResponse$,
        value: { UserId: 'AIDASAMPLEUSER000001', Account: account.accountId, Arn: account.userArn },
      }),
    },
  ],
};
