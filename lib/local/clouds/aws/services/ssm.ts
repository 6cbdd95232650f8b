import { DescribeParametersResult$ } from '@aws-sdk/client-ssm';
import { parameters } from '../inventory/ssm.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const ssm: Service = {
  ...jsonRefusals,
  name: 'ssm',
  operations: [
    {
      name: 'DescribeParameters',
      run(call) {
        const { items, next } = call.page(call.items(parameters), {
          size: call.param('MaxResults'),
          token: call.param('NextToken'),
          least: 1,
          most: 50,
          otherwise: 50,
          codes: { size: 'ValidationException', token: 'InvalidNextToken' },
        });
        return { schema: DescribeParametersResult$, value: { Parameters: items, NextToken: next } };
      },
    },
  ],
};
