import { expect, test } from 'vitest';
import { openCostManagement } from '../../../../functions/providers/azure/costs.ts';
import {
  armError,
  classify,
  entraError,
  UnexpectedAnswerError,
} from '../../../../functions/providers/azure/outcomes.ts';
import { NoAnswerError, UnsafeHostError } from '../../../../functions/providers/azure/transport.ts';

const collector = { permissions: ['Microsoft.ResourceGraph/resources/read', '*/read'] };
const arm = (status: number, code: string, message = 'text', paged = false) =>
  classify(armError({ status, headers: {}, text: JSON.stringify({ error: { code, message } }) }, paged), collector);
const entra = (status: number, error: string, description: string) =>
  classify(
    entraError({ status, headers: {}, text: JSON.stringify({ error, error_description: description }) }),
    collector,
  );

test('a denial names the action that Azure names, else the first that the call needs, and who denied', () => {
  const said =
    "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Authorization/permissions/read' over scope '/subscriptions/z' or the scope is invalid.";
  expect(arm(403, 'AuthorizationFailed', said)).toEqual({
    outcome: 'denied',
    code: 'AuthorizationFailed',
    permission: 'Microsoft.Authorization/permissions/read',
    deniedBy: 'identity',
    retryable: false,
  });
  const rows = {
    RBACAccessDenied: 'identity',
    DenyAssignmentAuthorizationFailed: 'boundary',
    AccountCostDisabled: 'scp',
    DepartmentCostDisabled: 'scp',
    BillingAccessDenied: 'unknown',
    SomethingNew: 'unknown',
  };
  for (const [code, deniedBy] of Object.entries(rows)) {
    expect(arm(403, code)).toMatchObject({ outcome: 'denied', permission: collector.permissions[0], deniedBy });
  }
});

test('throttles and faults may be tried again, whatever shape they come in', () => {
  expect(arm(429, 'RateLimiting')).toEqual({ outcome: 'throttled', code: 'RateLimiting', retryable: true });
  expect(arm(400, 'ResourceRequestsThrottled')).toMatchObject({ outcome: 'throttled' });
  for (const status of [408, 424, 500, 502, 503, 504]) {
    expect(arm(status, 'X')).toMatchObject({ outcome: 'failed', retryable: true });
  }
  const html = { headers: {}, text: '<html>' };
  expect(classify(armError({ status: 502, ...html }, false), collector)).toEqual({
    outcome: 'failed',
    code: 'HTTP_502',
    retryable: true,
  });
  expect(classify(armError({ status: 429, ...html }, false), collector)).toMatchObject({ outcome: 'throttled' });
  expect(classify(armError({ status: 400, ...html }, false), collector)).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
});

test('credentials that are not accepted say so; a token that has only expired does not', () => {
  for (const code of ['InvalidAuthenticationToken', 'InvalidAuthenticationTokenTenant', 'AuthenticationFailed']) {
    expect(arm(401, code)).toEqual({ outcome: 'failed', code, retryable: false, credentialsRejected: true });
  }
  expect(arm(401, 'ExpiredAuthenticationToken')).toMatchObject({ retryable: true });
  expect(arm(401, 'ExpiredAuthenticationToken')).not.toHaveProperty('credentialsRejected');
});

test("Entra's refusals are told from Entra's own troubles by their number", () => {
  for (const number of [7000215, 7000222, 700016, 90002, 7000112, 53003]) {
    expect(entra(401, 'invalid_client', `AADSTS${number}: text Trace ID: x`)).toMatchObject({
      outcome: 'failed',
      code: `AADSTS${number}`,
      credentialsRejected: true,
    });
  }
  for (const number of [50196, 90006, 90024, 90033, 90036]) {
    expect(entra(400, 'invalid_request', `AADSTS${number}: text`)).toMatchObject({
      retryable: true,
      code: `AADSTS${number}`,
    });
  }
  expect(entra(400, 'x', 'AADSTS90055: text')).toMatchObject({ outcome: 'throttled' });
  expect(entra(401, 'invalid_client', 'no number')).toMatchObject({
    code: 'invalid_client',
    credentialsRejected: true,
  });
});

test('what is not there for a subscription is not enabled, not denied', () => {
  for (const code of ['SubscriptionNotRegistered', 'MissingSubscriptionRegistration', 'DisallowedOperation']) {
    expect(arm(409, code)).toEqual({ outcome: 'not_enabled', code, retryable: false });
  }
  const source = openCostManagement({ call: async () => '', close: () => undefined }, 'x');
  const offer = JSON.stringify({ error: { code: '422', message: 'Cost Management supports only …' } });
  expect(source.classify(armError({ status: 422, headers: {}, text: offer }, false))).toMatchObject({
    outcome: 'not_enabled',
    retryable: false,
  });
});

test('a bad request on a later page is the token, and begins the scan anew; on the first it is ours', () => {
  expect(arm(400, 'BadRequest', 'text', true)).toMatchObject({ outcome: 'failed', restart: true });
  expect(arm(400, 'BadRequest')).toEqual({ outcome: 'failed', code: 'BadRequest', retryable: false });
});

test("a code is a short word of the cloud's, or UNKNOWN; its text goes nowhere", () => {
  for (const code of ['x y', 'a'.repeat(65), '<script>', 'secret: 123', '']) {
    expect(arm(400, code)).toMatchObject({ code: 'UNKNOWN' });
  }
  const error = armError(
    { status: 400, headers: {}, text: '{"error":{"code":"A","message":"text of the cloud"}}' },
    false,
  );
  expect(JSON.stringify(Object.assign({}, error)) + String(error)).not.toContain('text of the cloud');
});

test('what no answer came to, or must not be sent, has a word of its own', () => {
  expect(classify(new NoAnswerError('NO_CONNECTION'), collector)).toMatchObject({
    code: 'NO_CONNECTION',
    retryable: true,
  });
  expect(classify(new NoAnswerError('TOO_LARGE'), collector)).toMatchObject({ code: 'TOO_LARGE', retryable: false });
  expect(classify(new UnsafeHostError(), collector)).toMatchObject({ code: 'UNSAFE_NEXT_LINK', retryable: false });
  expect(classify(new UnexpectedAnswerError(), collector)).toMatchObject({
    code: 'UNEXPECTED_ANSWER',
    retryable: false,
  });
  expect(classify(new Error('text'), collector)).toEqual({ outcome: 'failed', code: 'UNKNOWN', retryable: false });
});
