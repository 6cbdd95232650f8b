import * as z from 'zod';
import type { CollectorFacts, DeniedBy, Failure } from '../../domain/cloud.ts';

/** A cloud's answer that does not have the shape its API promises. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnauthorizedAccess|AuthorizationError|AuthorizationErrorException|Client\.UnauthorizedOperation|NotAuthorized|ForbiddenException)$/;
const NOT_ENABLED =
  /^(OptInRequired|SubscriptionRequiredException|NotOptedIn|UnsupportedOperation|UnsupportedOperationException|UnknownOperationException|UnknownEndpoint|InvalidAction|DisabledOperationException|UnsupportedFeatureException)$/;
/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown|BandwidthLimitExceeded|LimitExceededException|ProvisionedThroughputExceededException|PriorRequestNotComplete|EC2ThrottledException|TransactionInProgressException)$/;
/** The key itself is not accepted, by the words of the various services. */
const BAD_KEY =
  /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException)$/;
const NETWORK =
  /^(TimeoutError|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|AbortError|NetworkingError)$/;
const SAFE_CODE = /^[A-Za-z][A-Za-z0-9._]{0,63}$/;

const sdkError = z.object({
  name: z.string().default('Error'),
  message: z.string().default(''),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});
export type SdkError = z.infer<typeof sdkError>;

/** What an SDK's error says, whatever was thrown. */
export function readError(error: unknown): SdkError {
  if (!(error instanceof Error)) return { name: 'Error', message: '' };
  const { name, message } = error;
  const rest = sdkError.safeParse({ ...error, name, message });
  return rest.success ? rest.data : { name, message };
}

/** A short word that may be shown and stored: AWS's own code, never its free text. */
export function safeCode({ name, code }: SdkError): string {
  const word = name === 'Error' && code !== undefined ? code : name;
  return SAFE_CODE.test(word) ? word : 'UNKNOWN';
}

export const isThrottle = (error: SdkError): boolean =>
  THROTTLED.test(error.name) || error.$metadata?.httpStatusCode === 429;

/** No answer, or the cloud's word that it is down: the same call may succeed later. */
export function isUnreachable(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return status >= 500 || NETWORK.test(error.name) || NETWORK.test(error.code ?? '');
}

/** What an error of a collector's call means. */
export function classify(error: unknown, collector: Pick<CollectorFacts, 'permissions'>): Failure {
  if (error instanceof UnexpectedAnswerError) {
    return { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false };
  }
  const read = readError(error);
  const code = safeCode(read);
  if (isThrottle(read)) return { outcome: 'throttled', code, retryable: true };
  if (DENIED.test(read.name)) {
    const permission = permissionOf(read.message, collector.permissions);
    return { outcome: 'denied', code, permission, deniedBy: deniedBy(read.message), retryable: false };
  }
  // The name does not resolve: the service has no endpoint in that region.
  if (NOT_ENABLED.test(read.name) || read.code === 'ENOTFOUND') {
    return { outcome: 'not_enabled', code: read.code === 'ENOTFOUND' ? 'NO_ENDPOINT' : code, retryable: false };
  }
  const credentialsRejected = BAD_KEY.test(read.name);
  return { outcome: 'failed', code, retryable: isUnreachable(read), credentialsRejected };
}

/** The action that AWS's text names where it is one of ours, else the first that the collector needs. */
function permissionOf(message: string, permissions: readonly string[]): string | undefined {
  return permissions.find((permission) => new RegExp(`\\b${permission}\\b`, 'i').test(message)) ?? permissions[0];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function deniedBy(message: string): DeniedBy {
  const text = message.toLowerCase();
  if (text.includes('service control policy') || text.includes('resource control policy')) return 'scp';
  if (text.includes('permissions boundary')) return 'boundary';
  if (text.includes('session policy')) return 'session';
  if (text.includes('resource-based policy')) return 'resource';
  if (text.includes('identity-based policy')) return 'identity';
  return 'unknown';
}
