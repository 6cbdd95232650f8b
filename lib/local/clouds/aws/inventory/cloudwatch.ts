import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind } from './kind.ts';

/** One of the two kinds of alarm that a list answers, each under its own name. */
export interface Alarm {
  readonly kind: 'MetricAlarm' | 'CompositeAlarm';
  readonly alarm: MetricAlarm & CompositeAlarm;
}

export const alarms: Kind<Alarm> = {
  name: 'cloudwatch_alarm',
  global: false,
  count: byBusiness([0, 2, 10, 40]),
  make({ account, region, index, random }) {
    const name = `alarm-${index}`;
    const arn = `arn:aws:cloudwatch:${region}:${account.accountId}:alarm:${name}`;
    const both: MetricAlarm & CompositeAlarm = {
      AlarmName: name,
      AlarmArn: arn,
      AlarmDescription: CANARY,
      AlarmConfigurationUpdatedTimestamp: random.date(),
      ActionsEnabled: random.chance(0.9),
      AlarmActions: [`arn:aws:sns:${region}:${account.accountId}:alarms`],
      StateValue: random.pick('OK', 'ALARM', 'INSUFFICIENT_DATA'),
      StateReason: CANARY,
      StateReasonData: JSON.stringify({ reason: CANARY }),
      StateUpdatedTimestamp: random.date(),
    };
    if (index % 8 === 7) {
      return {
        type: 'cloudwatch_alarm',
        arn,
        item: { kind: 'CompositeAlarm', alarm: { ...both, AlarmRule: 'ALARM("alarm-0")' } },
      };
    }
    const alarm: MetricAlarm = {
      ...both,
      Namespace: random.pick('AWS/EC2', 'AWS/Lambda'),
      MetricName: random.pick('CPUUtilization', 'Errors'),
      Dimensions: [{ Name: 'InstanceId', Value: CANARY }],
      Statistic: 'Average',
      Period: 300,
      EvaluationPeriods: random.pick(1, 3),
      Threshold: random.pick(1, 80),
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'missing',
    };
    return { type: 'cloudwatch_alarm', arn, item: { kind: 'MetricAlarm', alarm } };
  },
  alter: ({ kind, alarm }, turn) => ({
    kind,
    alarm: { ...alarm, AlarmConfigurationUpdatedTimestamp: new Date(Date.UTC(2026, 0, turn)) },
  }),
};
