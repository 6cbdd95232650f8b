import { expect, test } from 'vitest';
import { readTemplate } from '../../../lib/local/model.ts';
import { lambda, queue, route, source, template } from './fixtures/template.ts';

const at = {
  account: '000000000000',
  region: 'us-east-1',
  stackName: 'stack',
  queueUrl: (name: string) => `http://127.0.0.1:1/000000000000/${name}`,
};
const read = (resources: Record<string, unknown>) => readTemplate(template(resources), at);
const environmentValue = (expression: unknown, more: Record<string, unknown> = {}) =>
  read({ ...more, F: lambda('echo', { environment: { VALUE: expression } }) }).functions[0]?.environment.VALUE;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders look like ours.
test.each([
  [{ Ref: 'Table' }, 'stack-Table'],
  [{ Ref: 'Q' }, 'http://127.0.0.1:1/000000000000/stack-Q'],
  [{ 'Fn::GetAtt': ['Q', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:stack-Q'],
  [{ Ref: 'AuditLog' }, 'audit'],
  [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'AWS::AccountId' }]] }, 'arn:aws:000000000000'],
  [{ 'Fn::Sub': '${AWS::StackName}/${Q.QueueName}/${!Literal}' }, 'stack/stack-Q/${Literal}'],
  [{ 'Fn::Sub': ['${a}-${AWS::Region}', { a: { Ref: 'Table' } }] }, 'stack-Table-us-east-1'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above.
])('%j is resolved', (expression, value) => {
  expect(environmentValue(expression, { Q: queue() })).toBe(value);
});

test.each([
  [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue'],
  [{ 'Fn::GetAtt': ['Q', 'Colour'] }, 'AWS::SQS::Queue.Colour'],
  [{ Ref: 'Missing' }, 'Missing'],
  [{ Ref: 'Odd' }, 'AWS::Odd::Thing'],
])('%j is refused, because the twin does not know it', (expression, message) => {
  expect(() => environmentValue(expression, { Q: queue(), Odd: { Type: 'AWS::Odd::Thing' } })).toThrow(message);
});

test('what the template says of the stack is what runs', () => {
  const stack = read({
    Work: queue({ to: 'Parked', after: 5 }),
    Parked: queue(),
    F: lambda('consume', { timeout: 120 }),
    S: source('Work', 'F', 1),
    ...route('GET /things/{id}', 'F'),
  });
  expect(stack.functions).toMatchObject([
    { name: 'consume', physicalName: 'stack-F', handler: 'consume', timeoutSeconds: 120, memoryMb: 256 },
  ]);
  expect(stack.queues[0]).toMatchObject({
    name: 'stack-Work',
    visibilitySeconds: 1,
    redrive: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:stack-Parked', maxReceiveCount: 5 },
  });
  expect(stack.eventSources).toMatchObject([
    { function: 'consume', batchSize: 1, maxConcurrency: 2, partialFailures: true, queue: { name: 'stack-Work' } },
  ]);
  expect(stack.routes).toEqual([
    { key: 'GET /things/{id}', function: 'consume', timeoutMs: 30_000, throttle: { perSecond: 50, burst: 100 } },
  ]);
  expect(stack.table).toMatchObject({ name: 'stack-Table', GlobalSecondaryIndexes: [{ IndexName: 'due' }] });
  expect(stack.logGroups).toEqual(['audit']);
});

test('what the twin cannot do as AWS would is refused, not left out', () => {
  const filtered = source('Work', 'F');
  const withFilter = { ...filtered, Properties: { ...filtered.Properties, FilterCriteria: { Filters: [] } } };
  expect(() => read({ Work: queue(), F: lambda('consume'), S: withFilter })).toThrow('FilterCriteria');
  const cors = {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['*'] } },
  };
  expect(() => read({ Api: cors })).toThrow('CorsConfiguration');
});
