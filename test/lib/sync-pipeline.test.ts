import { expect, test } from 'vitest';
import { clouds } from '../../functions/providers/registered.ts';
import { type Stage, stages } from '../../functions/sync/stages.ts';
import { synthesized } from './synthesized.ts';

const names = Object.keys(clouds);
const registry: readonly Stage[] = Object.values(stages);
const template = synthesized();

/** Visibility in seconds, and where a message goes after five deliveries. */
const QUEUES = [
  { path: 'dead-letters', visibility: undefined, redrive: undefined },
  { path: 'failed-tasks', visibility: 720, redrive: 'dead-letters' },
  { path: 'requests', visibility: 360, redrive: 'dead-letters' },
  ...names.map((cloud) => ({ path: `tasks-${cloud}`, visibility: 720, redrive: 'failed-tasks' })),
] as const;

test('there is one task queue for each cloud, and no queue besides the pipeline’s', () => {
  expect(template.all('AWS::SQS::Queue').map(({ path }) => path.split('/').at(-2))).toEqual(
    expect.arrayContaining(QUEUES.map(({ path }) => path)),
  );
  expect(template.all('AWS::SQS::Queue')).toHaveLength(QUEUES.length);
});

test.each(QUEUES)(
  '$path keeps messages 14 days, encrypted, and hands on what five deliveries could not do',
  (queue) => {
    const properties = template.properties(`Queues/${queue.path}`);
    expect(properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect(properties.VisibilityTimeout).toBe(queue.visibility);
    // The messages of a long chain carry a bit for each known resource.
    expect(properties.MaximumMessageSize).toBe(1_048_576);
    expect(properties.RedrivePolicy).toEqual(
      queue.redrive === undefined
        ? undefined
        : { deadLetterTargetArn: template.arn(`Queues/${queue.redrive}`), maxReceiveCount: 5 },
    );
  },
);

test('every queue refuses calls without TLS', () => {
  const denied = template.all('AWS::SQS::QueuePolicy').flatMap(({ Properties }) => {
    const document = template.document(Properties.PolicyDocument);
    return document.filter(
      ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition).includes('SecureTransport'),
    );
  });
  expect(denied.flatMap(({ Resource }) => Resource).sort()).toEqual(
    QUEUES.map(({ path }) => template.arn(`Queues/${path}`)).sort(),
  );
});

const sources = registry.flatMap((stage) => {
  const { source } = stage;
  if ('everyMinutes' in source) return [];
  const each = stage.perCloud === true ? names : [undefined];
  return each.map((cloud) => ({
    source,
    name: cloud === undefined ? stage.file : `${stage.file}-${cloud}`,
    queue: { requests: 'requests', tasks: `tasks-${cloud}`, failedTasks: 'failed-tasks' }[source.queue],
  }));
});

test.each(sources)('$name reads $queue as its stage says, and reports each message that failed', (one) => {
  expect(template.resolved(sourceOf(one.name)?.Properties)).toEqual({
    EventSourceArn: template.arn(`Queues/${one.queue}`),
    FunctionName: template.ref(`Sync/${one.name}/Function`),
    BatchSize: one.source.batchSize,
    ScalingConfig: { MaximumConcurrency: one.source.maxConcurrency },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

function sourceOf(name: string) {
  return template.all('AWS::Lambda::EventSourceMapping').find(({ path }) => path.includes(`/${name}/`));
}

test('nothing reads the dead letters', () => {
  expect(template.all('AWS::Lambda::EventSourceMapping')).toHaveLength(sources.length);
  const reads = [...template.functions.values()].filter(({ role }) =>
    template
      .statements(role)
      .some(
        ({ Action, Resource }) =>
          Action.includes('sqs:ReceiveMessage') && Resource.includes(template.arn('Queues/dead-letters')),
      ),
  );
  expect(reads).toEqual([]);
});

test('a tick comes every minute and is not tried again', () => {
  const rules = template.all('AWS::Events::Rule');
  expect(rules).toHaveLength(1);
  expect(template.resolved(rules[0]?.Properties)).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Targets: [{ Arn: template.arn('Sync/schedule-syncs/Function'), RetryPolicy: { MaximumRetryAttempts: 0 } }],
  });
  expect(template.all('AWS::Lambda::EventInvokeConfig')[0]?.Properties).toMatchObject({ MaximumRetryAttempts: 0 });
});
