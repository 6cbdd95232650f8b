import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { METRICS } from '../../functions/domain/log.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { SETTINGS, synthesized } from './synthesized.ts';

const template = synthesized();
const alarmSchema = z.looseObject({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.object({ Ref: z.string() })),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).optional(),
  TreatMissingData: z.string(),
});
const alarms = template.all('AWS::CloudWatch::Alarm').map(({ Properties }) => alarmSchema.parse(Properties));
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `infraaudit-test-${name}`);

test('every alarm says what it means, where to read on, and tells the one topic', () => {
  const [topic] = template.all('AWS::SNS::Topic');
  expect(alarms.length).toBeGreaterThanOrEqual(10);
  for (const { AlarmName, AlarmDescription, AlarmActions } of alarms) {
    const name = AlarmName.replace('infraaudit-test-', '').replace(/^old-.*/, 'old-messages');
    expect(AlarmDescription).toMatch(new RegExp(`^[A-Z].+[.?] What to do: README\\.md#runbook-${name}$`));
    expect(AlarmActions).toEqual([{ Ref: topic?.id }]);
  }
});

test('alarms on our own metrics watch them under the namespace and dimensions that the code writes', () => {
  const program = `
    const { metrics } = await import('./functions/runtime/logger.ts');
    metrics.count('ScheduleTick');`;
  const line = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  const written = z
    .looseObject({
      _aws: z.object({
        CloudWatchMetrics: z.tuple([z.object({ Namespace: z.string(), Dimensions: z.array(z.array(z.string())) })]),
      }),
    })
    .parse(JSON.parse(line));
  const [{ Namespace, Dimensions }] = written._aws.CloudWatchMetrics;
  const own = alarms.filter(({ MetricName }) => METRICS.some((name) => name === MetricName));
  expect(own.length).toBeGreaterThan(0);
  for (const one of own) {
    expect(one.Namespace).toBe(Namespace);
    expect([(one.Dimensions ?? []).map(({ Name }) => Name)]).toEqual(Dimensions);
    for (const { Name, Value } of one.Dimensions ?? []) expect(Value).toBe(written[Name]);
  }
});

test('no tick for half an hour rings, also when there is no data at all', () => {
  expect(alarm('no-ticks')).toMatchObject({
    MetricName: 'ScheduleTick',
    TreatMissingData: 'breaching',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 6,
    Period: 300,
  });
});

test('each queue that is worked off rings when a message has waited for an hour', () => {
  for (const queue of ['requests', 'failed-tasks', ...Object.keys(clouds).map((cloud) => `tasks-${cloud}`)]) {
    const [dimension] = alarm(`old-${queue}`)?.Dimensions ?? [];
    expect(template.resolved(dimension?.Value)).toBe(template.arn(`Queues/${queue}`).split(':').at(-1));
  }
});

test('the ratio of server errors is the average of one for each 5xx and zero for each other call', () => {
  const filters = template.all('AWS::Logs::MetricFilter').map(({ Properties }) => Properties);
  const { MetricName } = alarm('server-errors') ?? {};
  const of = (value: string) =>
    filters.find((filter) =>
      JSON.stringify(filter.MetricTransformations).includes(
        `"MetricName":"${MetricName}","MetricNamespace":"InfraAuditProviders","MetricValue":"${value}"`,
      ),
    )?.FilterPattern;
  expect(of('1')).toBe('{ $.status = "5*" }');
  expect(of('0')).toBe('{ ($.status = "2*") || ($.status = "3*") || ($.status = "4*") }');
  expect(alarm('server-errors')).toMatchObject({ Statistic: 'Average', Threshold: 0.05, EvaluationPeriods: 2 });
});

test('no alarm needs metric math', () => {
  for (const one of alarms) expect(one).not.toHaveProperty('Metrics');
});

test('one dead letter rings', () => {
  expect(alarm('dead-letters')).toMatchObject({
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 1,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
});

test('only TLS may publish to the topic, and CloudWatch of this account', () => {
  const [policy] = template.all('AWS::SNS::TopicPolicy');
  const text = JSON.stringify(policy?.Properties);
  expect(text).toContain('"aws:SecureTransport":"false"');
  expect(text).toContain('"Service":"cloudwatch.amazonaws.com"');
});

test('a mailbox is told where the deployment names one', () => {
  expect(template.all('AWS::SNS::Subscription')).toEqual([]);
  const [subscription] = synthesized({ ...SETTINGS, alarmEmail: 'ops@example.com' }).all('AWS::SNS::Subscription');
  expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
});
