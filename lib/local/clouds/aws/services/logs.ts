import { DescribeLogGroupsResponse$ } from '@aws-sdk/client-cloudwatch-logs';
import { logGroups } from '../inventory/logs.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const logs: Service = {
  ...jsonRefusals,
  name: 'logs',
  operations: [
    {
      name: 'DescribeLogGroups',
      run(call) {
        const { items, next } = call.page(call.items(logGroups), {
          size: call.param('limit'),
          token: call.param('nextToken'),
          least: 1,
          most: 50,
          otherwise: 50,
          codes: { size: 'InvalidParameterException', token: 'InvalidParameterException' },
        });
        return { schema: DescribeLogGroupsResponse$, value: { logGroups: items, nextToken: next } };
      },
    },
  ],
};
