import type { CollectorFacts, DeniedBy, Failure } from '../../domain/cloud.ts';
import { GoogleError, PageGoneError, TokenError, UnexpectedAnswerError } from './google-error.ts';
import { TransportError } from './transport.ts';

/** An API that is switched off in the project, or a project that cannot use it. */
const NOT_ENABLED = /^(SERVICE_DISABLED|accessNotConfigured|API_DISABLED|BILLING_DISABLED|billingNotEnabled)$/;
/** @see https://cloud.google.com/apis/design/errors#handling_errors, and the reasons of the older APIs, which say 403 */
const THROTTLED =
  /^(RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|rateLimitExceeded|userRateLimitExceeded|quotaExceeded|jobRateLimitExceeded)$/;
/** Passing troubles of theirs that come with other statuses than 5xx. */
const PASSING = /^(backendError|internalError|UNAVAILABLE|ABORTED|DEADLINE_EXCEEDED|INTERNAL)$/;
const SAFE_CODE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const safe = (word: string): string => (SAFE_CODE.test(word) ? word : 'UNKNOWN');

export const isThrottle = ({ status, reason }: GoogleError): boolean => status === 429 || THROTTLED.test(reason);
export const isDisabled = ({ reason }: GoogleError): boolean => NOT_ENABLED.test(reason);
export const isUnreachable = ({ status, reason }: GoogleError): boolean =>
  status >= 500 || status === 408 || PASSING.test(reason);

/** What an error of a call means. @param of the permissions that the call may have wanted for, the likeliest first. */
export function classify(error: unknown, of: Pick<CollectorFacts, 'permissions'>): Failure {
  if (error instanceof UnexpectedAnswerError) return failed('UNEXPECTED_ANSWER');
  if (error instanceof PageGoneError) return { ...failed('PAGE_TOKEN_EXPIRED'), restart: true };
  if (error instanceof TransportError) {
    return failed(error.code, error.code === 'TIMEOUT' || error.code === 'UNREACHABLE');
  }
  if (error instanceof TokenError) return ofToken(error);
  if (!(error instanceof GoogleError)) return failed('UNKNOWN');
  const code = safe(error.reason);
  if (isThrottle(error)) return { outcome: 'throttled', code, retryable: true };
  if (isDisabled(error)) return { outcome: 'not_enabled', code, retryable: false };
  if (error.status === 401) return { ...failed(code), credentialsRejected: true };
  if (error.status === 403) {
    const named = namedBy(error, of.permissions);
    const permission = named ?? of.permissions[0];
    return { outcome: 'denied', code, permission, deniedBy: deniedBy(error, named !== undefined), retryable: false };
  }
  return failed(code, isUnreachable(error));
}

const failed = (code: string, retryable = false): Failure => ({ outcome: 'failed', code, retryable });

function ofToken({ status, code, skewed }: TokenError): Failure {
  if (status === 429) return { outcome: 'throttled', code: safe(code), retryable: true };
  if (skewed) return failed('CLOCK_SKEW', true);
  if (status >= 500) return failed(safe(code), true);
  return { ...failed(safe(code)), credentialsRejected: true };
}

/** The permission that Google names as missing, where it is one of ours: as data, or in the text of the older APIs. */
function namedBy({ permission, said }: GoogleError, ours: readonly string[]): string | undefined {
  const words = said.split(/[^A-Za-z0-9.]+/).map((word) => word.replace(/\.$/, ''));
  return ours.find((one) => one === permission) ?? ours.find((one) => words.includes(one));
}

/** @see https://cloud.google.com/vpc-service-controls/docs/troubleshooting and google/api/error_reason.proto */
function deniedBy({ reason, said }: GoogleError, isNamed: boolean): DeniedBy {
  if (/^(SECURITY_POLICY_VIOLATED|ORG_RESTRICTION_\w+|LOCATION_POLICY_VIOLATED)$/.test(reason)) return 'scp';
  if (/organization'?s policy|vpcServiceControls/i.test(said)) return 'scp';
  return isNamed || reason === 'IAM_PERMISSION_DENIED' ? 'identity' : 'unknown';
}
