import { GetJobsResponse$ } from '@aws-sdk/client-glue';
import { jobs } from '../inventory/glue.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const glue: Service = {
  ...jsonRefusals,
  name: 'glue',
  operations: [
    {
      name: 'GetJobs',
      run(call) {
        const { items, next } = call.page(call.items(jobs), {
          size: call.param('MaxResults'),
          token: call.param('NextToken'),
          least: 1,
          most: 1000,
          otherwise: 100,
          codes: { size: 'ValidationException', token: 'InvalidInputException' },
        });
        return { schema: GetJobsResponse$, value: { Jobs: items, NextToken: next } };
      },
    },
  ],
};
