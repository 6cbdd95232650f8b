import { DescribeRepositoriesResponse$ } from '@aws-sdk/client-ecr';
import { repositories } from '../inventory/ecr.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const ecr: Service = {
  ...jsonRefusals,
  name: 'ecr',
  operations: [
    {
      name: 'DescribeRepositories',
      run(call) {
        const limits = {
          size: call.param('maxResults'),
          token: call.param('nextToken'),
          least: 1,
          most: 1000,
          otherwise: 100,
          codes: { size: 'InvalidParameterException', token: 'InvalidParameterException' },
        };
        const { items, next } = call.page(call.items(repositories), limits);
        return { schema: DescribeRepositoriesResponse$, value: { repositories: items, nextToken: next } };
      },
    },
  ],
};
