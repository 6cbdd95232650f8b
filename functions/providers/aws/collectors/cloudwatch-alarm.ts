import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'cloudwatch_alarm',
  service: 'cloudwatch',
  scope: 'region',
  types: ['cloudwatch_alarm'],
  permissions: ['cloudwatch:DescribeAlarms'],
} as const satisfies CollectorFacts;

/**
 * An alarm's state is left out: it is a measurement that comes and goes, not what was set up.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    kind: z.enum(['metric', 'composite']),
    AlarmArn: z.string(),
    AlarmName: z.string(),
    AlarmConfigurationUpdatedTimestamp: z.date().optional(),
    ActionsEnabled: z.boolean().optional(),
    AlarmActions: z.array(z.string()).optional(),
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Statistic: z.string().optional(),
    ExtendedStatistic: z.string().optional(),
    ComparisonOperator: z.string().optional(),
    Threshold: z.number().optional(),
    Period: z.number().optional(),
    EvaluationPeriods: z.number().optional(),
    TreatMissingData: z.string().optional(),
  }),
  async page(aws, token) {
    const command = new DescribeAlarmsCommand({
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
      NextToken: token,
    });
    const {
      MetricAlarms = [],
      CompositeAlarms = [],
      NextToken: next,
    } = await aws.client(CloudWatchClient).send(command);
    const metric = MetricAlarms.map((one) => ({ ...one, kind: 'metric' }));
    return { items: [...metric, ...CompositeAlarms.map((one) => ({ ...one, kind: 'composite' }))], next };
  },
  toResource: (item, { region }) => ({
    external_id: item.AlarmArn,
    name: item.AlarmName,
    region,
    status: 'active',
    tags: {},
    configuration: fields({
      kind: item.kind,
      configured_at: item.AlarmConfigurationUpdatedTimestamp?.toISOString(),
      actions_enabled: known(item.ActionsEnabled),
      actions: item.AlarmActions,
      namespace: item.Namespace,
      metric: item.MetricName,
      statistic: item.Statistic ?? item.ExtendedStatistic,
      comparison: item.ComparisonOperator,
      threshold: item.Threshold,
      period_seconds: item.Period,
      evaluation_periods: item.EvaluationPeriods,
      missing_data: item.TreatMissingData,
    }),
  }),
}));
