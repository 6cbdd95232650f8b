import { DescribeAlarmsOutput$ } from '@aws-sdk/client-cloudwatch';
import { type Alarm, alarms } from '../inventory/cloudwatch.ts';
import type { Service } from './operation.ts';
import { queryRefusals } from './query-refusals.ts';

export const cloudwatch: Service = {
  ...queryRefusals,
  name: 'monitoring',
  // Newer clients speak JSON or CBOR, older ones query.
  also: ['json', 'cbor'],
  namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  operations: [
    {
      name: 'DescribeAlarms',
      permission: 'cloudwatch:DescribeAlarms',
      run(call) {
        const asked = call.list('AlarmTypes');
        // Composite alarms are shown only to who asks for them.
        const kinds = asked.length > 0 ? asked : ['MetricAlarm'];
        const limits = {
          size: call.param('MaxRecords'),
          token: call.param('NextToken'),
          least: 1,
          most: 100,
          otherwise: 50,
          codes: { size: 'ValidationError', token: 'InvalidNextToken' },
        };
        const { items, next } = call.page(call.items(alarms), limits);
        const ofKind = (kind: Alarm['kind']) =>
          items.flatMap((one) => (one.kind === kind && kinds.includes(kind) ? [one.alarm] : []));
        return {
          schema: DescribeAlarmsOutput$,
          value: { MetricAlarms: ofKind('MetricAlarm'), CompositeAlarms: ofKind('CompositeAlarm'), NextToken: next },
        };
      },
    },
  ],
};
