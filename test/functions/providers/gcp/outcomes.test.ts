import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../../functions/domain/cloud.ts';
import { GoogleError, TokenError } from '../../../../functions/providers/gcp/google-error.ts';
import { classify } from '../../../../functions/providers/gcp/outcomes.ts';

/** Errors as Google's documentation and APIs write them, and what each means. */
const of = { permissions: ['cloudasset.assets.listResource', 'compute.instances.list', 'storage.buckets.list'] };
const info = (reason: string, metadata: object = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata,
});
const modern = (status: string, ...details: object[]) => ({
  error: { code: 0, message: 'Free text.', status, details },
});
const legacy = (reason: string, message = 'Free text.') => ({
  error: { code: 0, message, errors: [{ message, domain: 'global', reason }] },
});

describe('answers of APIs', () => {
  const cases: [string, number, unknown, Partial<Failure>][] = [
    [
      'a permission that is named',
      403,
      modern(
        'PERMISSION_DENIED',
        info('IAM_PERMISSION_DENIED', { permission: 'compute.instances.list', resource: 'x' }),
      ),
      { outcome: 'denied', code: 'IAM_PERMISSION_DENIED', permission: 'compute.instances.list', deniedBy: 'identity' },
    ],
    [
      'a permission that is named and not ours',
      403,
      modern('PERMISSION_DENIED', info('IAM_PERMISSION_DENIED', { permission: 'a.b.c' })),
      { outcome: 'denied', permission: 'cloudasset.assets.listResource', deniedBy: 'identity' },
    ],
    [
      'a refusal without a reason',
      403,
      {
        error: {
          code: 403,
          message: 'The caller does not have permission',
          status: 'PERMISSION_DENIED',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.DebugInfo',
              detail: '[ORIGINAL ERROR] generic::permission_denied: Request denied by Cloud IAM.',
            },
          ],
        },
      },
      {
        outcome: 'denied',
        code: 'PERMISSION_DENIED',
        permission: 'cloudasset.assets.listResource',
        deniedBy: 'unknown',
      },
    ],
    [
      'Compute Engine’s refusal',
      403,
      legacy('forbidden', "Required 'compute.instances.list' permission for 'projects/p'"),
      { outcome: 'denied', code: 'forbidden', permission: 'compute.instances.list', deniedBy: 'identity' },
    ],
    [
      'Cloud Storage’s refusal',
      403,
      legacy(
        'forbidden',
        "a@b does not have storage.buckets.list access to the Google Cloud project. Permission 'storage.buckets.list' denied on resource (or it may not exist).",
      ),
      { outcome: 'denied', permission: 'storage.buckets.list', deniedBy: 'identity' },
    ],
    [
      'a service perimeter',
      403,
      modern('PERMISSION_DENIED', info('SECURITY_POLICY_VIOLATED')),
      { outcome: 'denied', deniedBy: 'scp' },
    ],
    [
      'a service perimeter of an older API',
      403,
      legacy(
        'vpcServiceControls',
        "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x",
      ),
      { outcome: 'denied', deniedBy: 'scp' },
    ],
    [
      'an API that is switched off',
      403,
      modern('PERMISSION_DENIED', info('SERVICE_DISABLED', { service: 'cloudasset.googleapis.com' })),
      { outcome: 'not_enabled', code: 'SERVICE_DISABLED', retryable: false },
    ],
    [
      'an older API that is switched off',
      403,
      legacy('accessNotConfigured'),
      { outcome: 'not_enabled', code: 'accessNotConfigured' },
    ],
    [
      'a project without billing',
      403,
      modern('PERMISSION_DENIED', info('BILLING_DISABLED')),
      { outcome: 'not_enabled' },
    ],
    [
      'a quota',
      429,
      modern('RESOURCE_EXHAUSTED', info('RATE_LIMIT_EXCEEDED')),
      { outcome: 'throttled', code: 'RATE_LIMIT_EXCEEDED', retryable: true },
    ],
    ['a quota of an older API', 403, legacy('rateLimitExceeded'), { outcome: 'throttled', retryable: true }],
    ['a user’s quota', 403, legacy('userRateLimitExceeded'), { outcome: 'throttled', retryable: true }],
    ['too many requests, without a word', 429, undefined, { outcome: 'throttled', code: 'HTTP_429' }],
    [
      'a token that is not good',
      401,
      modern('UNAUTHENTICATED'),
      { outcome: 'failed', code: 'UNAUTHENTICATED', credentialsRejected: true, retryable: false },
    ],
    ['an outage', 503, modern('UNAVAILABLE'), { outcome: 'failed', code: 'UNAVAILABLE', retryable: true }],
    ['a fault of theirs', 500, '<html>', { outcome: 'failed', code: 'HTTP_500', retryable: true }],
    ['a backend’s fault', 400, legacy('backendError'), { outcome: 'failed', retryable: true }],
    [
      'a wrong argument',
      400,
      modern('INVALID_ARGUMENT'),
      { outcome: 'failed', code: 'INVALID_ARGUMENT', retryable: false },
    ],
    ['a reason that is no word', 403, legacy('<script>'), { outcome: 'denied', code: 'UNKNOWN' }],
  ];
  for (const [what, status, body, expected] of cases) {
    test(what, () => {
      const failure = classify(new GoogleError(status, body), of);
      expect(failure).toMatchObject(expected);
      expect(JSON.stringify(failure)).not.toContain('Free text');
    });
  }
});

describe('answers of the token endpoint', () => {
  const cases: [number, unknown, Partial<Failure>][] = [
    [
      400,
      { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
      { outcome: 'failed', code: 'invalid_grant', credentialsRejected: true, retryable: false },
    ],
    [401, { error: 'invalid_client' }, { outcome: 'failed', credentialsRejected: true }],
    [
      400,
      {
        error: 'invalid_grant',
        error_description:
          'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      },
      { outcome: 'failed', code: 'CLOCK_SKEW', retryable: true },
    ],
    [429, { error: 'rate_limit' }, { outcome: 'throttled', retryable: true }],
    [503, '', { outcome: 'failed', code: 'HTTP_503', retryable: true }],
  ];
  for (const [status, body, expected] of cases) {
    test(`${status} ${JSON.stringify(body).slice(0, 70)}`, () => {
      const failure = classify(new TokenError(status, body), of);
      expect(failure).toMatchObject(expected);
      if (expected.credentialsRejected === undefined) expect(failure.credentialsRejected).toBeUndefined();
    });
  }
});

test('whatever else is thrown is a failure that says nothing', () => {
  for (const thrown of [new Error('secret'), 'secret', undefined, null, { reason: 'secret' }]) {
    expect(classify(thrown, of)).toEqual({ outcome: 'failed', code: 'UNKNOWN', retryable: false });
  }
});
