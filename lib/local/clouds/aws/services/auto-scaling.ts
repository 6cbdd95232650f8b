import { AutoScalingGroupsType$ } from '@aws-sdk/client-auto-scaling';
import { scalingGroups } from '../inventory/auto-scaling.ts';
import type { Service } from './operation.ts';

export const autoScaling: Service = {
  name: 'autoscaling',
  protocol: 'query',
  namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  global: false,
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
  operations: [
    {
      name: 'DescribeAutoScalingGroups',
      run(call) {
        const limits = {
          size: call.param('MaxRecords'),
          token: call.param('NextToken'),
          least: 1,
          most: 100,
          otherwise: 50,
          codes: { size: 'ValidationError', token: 'InvalidNextToken' },
        };
        const { items, next } = call.page(call.items(scalingGroups), limits);
        return { schema: AutoScalingGroupsType$, value: { AutoScalingGroups: items, NextToken: next } };
      },
    },
  ],
};
