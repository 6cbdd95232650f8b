import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { decode, encode, parseCredentials } from '../../../../functions/providers/aws/credentials.ts';
import { classify, UnexpectedAnswerError } from '../../../../functions/providers/aws/outcomes.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';

const collector = { permissions: ['dynamodb:ListTables', 'dynamodb:DescribeTable'] };
const error = (name: string, message = '', more: object = {}) => Object.assign(new Error(message), { name, ...more });

test('a denial names the permission that AWS names, and who denied', () => {
  const said = 'User: arn:aws:iam::1:user/x is not authorized to perform: dynamodb:DescribeTable on resource: y ';
  const rows = {
    'because no identity-based policy allows the dynamodb:DescribeTable action': 'identity',
    'with an explicit deny in a service control policy': 'scp',
    'with an explicit deny in a resource control policy': 'scp',
    'because no permissions boundary allows the dynamodb:DescribeTable action': 'boundary',
    'because no session policy allows the dynamodb:DescribeTable action': 'session',
    'with an explicit deny in a resource-based policy': 'resource',
    '': 'unknown',
  };
  for (const [why, deniedBy] of Object.entries(rows)) {
    expect(classify(error('AccessDeniedException', said + why), collector)).toEqual({
      outcome: 'denied',
      code: 'AccessDeniedException',
      permission: 'dynamodb:DescribeTable',
      deniedBy,
      retryable: false,
    });
  }
  for (const name of ['AccessDenied', 'UnauthorizedOperation', 'AuthorizationError', 'AuthorizationErrorException']) {
    expect(classify(error(name), collector)).toMatchObject({ outcome: 'denied', permission: 'dynamodb:ListTables' });
  }
});

test('throttles and faults may be tried again, refusals and surprises not', () => {
  for (const name of [
    'Throttling',
    'ThrottlingException',
    'RequestLimitExceeded',
    'SlowDown',
    'TooManyRequestsException',
    'RequestThrottled',
    'LimitExceededException',
  ]) {
    expect(classify(error(name), collector)).toMatchObject({ outcome: 'throttled', code: name, retryable: true });
  }
  const unreachable = [
    error('InternalError', '', { $metadata: { httpStatusCode: 500 } }),
    error('ServiceUnavailable', '', { $metadata: { httpStatusCode: 503 } }),
    error('TimeoutError'),
    error('Error', '', { code: 'ECONNRESET' }),
    error('Error', '', { code: 'ECONNREFUSED' }),
  ];
  for (const one of unreachable) expect(classify(one, collector)).toMatchObject({ outcome: 'failed', retryable: true });
  for (const name of [
    'OptInRequired',
    'SubscriptionRequiredException',
    'UnknownOperationException',
    'UnsupportedOperationException',
    'DisabledOperationException',
    'UnsupportedFeatureException',
  ]) {
    expect(classify(error(name), collector)).toMatchObject({ outcome: 'not_enabled', retryable: false });
  }
  for (const name of ['InvalidClientTokenId', 'AuthFailure', 'SignatureDoesNotMatch']) {
    expect(classify(error(name), collector)).toMatchObject({
      outcome: 'failed',
      credentialsRejected: true,
      retryable: false,
    });
  }
  expect(classify(new UnexpectedAnswerError('x'), collector)).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
});

test('a code is a short word, never what a cloud wrote', () => {
  const strange = [error('a secret: AKIA…'), error('x'.repeat(100)), error('<html>'), 'text', null, { name: 'X' }];
  for (const one of strange) {
    expect(classify(one, collector).code).toMatch(/^(UNKNOWN|Error)$/);
  }
});

const body = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
};

test('credentials survive being stored, and print as nothing', () => {
  const credentials = parseCredentials(body);
  const stored = encode(credentials);
  expect(decode(stored).reveal()).toEqual(credentials.reveal());
  for (const printed of [
    String(credentials),
    JSON.stringify({ credentials }),
    inspect(credentials, { depth: 9 }),
    `${stored}`,
  ]) {
    expect(printed).toContain('[redacted]');
    expect(printed).not.toContain(body.secretAccessKey);
  }
  const other = JSON.stringify({ ...JSON.parse(stored.reveal()), v: 2 });
  expect(() => decode(new Secret(other))).toThrow();
});

test('every default and opt-in region of the partition is known, and none of another', () => {
  for (const region of ['us-east-1', 'eu-central-2', 'ap-southeast-7', 'mx-central-1', 'il-central-1']) {
    expect(parseCredentials({ ...body, region }).reveal().region).toBe(region);
  }
  for (const region of [
    'cn-northwest-1',
    'us-gov-east-1',
    'us-iso-west-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'eusc-de-east-1',
  ]) {
    expect(() => parseCredentials({ ...body, region })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_PARTITION' }),
    );
  }
  for (const region of ['us-east-1 ', 'US-EAST-1', 'us-east-1\n', 'us_east_1', '../x', 'localhost', '１']) {
    expect(() => parseCredentials({ ...body, region })).toThrow(expect.objectContaining({ code: 'INVALID_REGION' }));
  }
});
