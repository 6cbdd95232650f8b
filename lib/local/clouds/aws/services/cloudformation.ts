import { DescribeStacksOutput$ } from '@aws-sdk/client-cloudformation';
import { stacks } from '../inventory/cloudformation.ts';
import type { Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';

/** It takes no size of a page. */
const PAGE = 100;

export const cloudformation: Service = {
  ...queryRefusals,
  name: 'cloudformation',
  namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: [
    {
      name: 'DescribeStacks',
      run(call) {
        const limits = {
          size: undefined,
          token: call.param('NextToken'),
          least: PAGE,
          most: PAGE,
          otherwise: PAGE,
          codes: { size: 'ValidationError', token: 'ValidationError' },
        };
        const { items, next } = call.page(call.items(stacks), limits);
        return { schema: DescribeStacksOutput$, value: { Stacks: items, NextToken: next } };
      },
    },
  ],
};
