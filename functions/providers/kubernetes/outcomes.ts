import type { CollectorFacts, DeniedBy, Failure } from '../../domain/cloud.ts';
import { ApiStatusError, RefusedError, UnexpectedAnswerError } from './errors.ts';

/** No connection, none in time, or one that broke: the same call may succeed later. */
const NETWORK =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|UND_ERR_\w+|ABORT_ERR|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET_\w+)$/;
const SLOW = /^(TimeoutError|AbortError|ConnectTimeoutError|HeadersTimeoutError|BodyTimeoutError)$/;
/** More bytes on the wire than any page may have; headers that are no headers. */
const TOO_LARGE = /^(ResponseExceededMaxSizeError|HeadersOverflowError)$/;
/** The certificate is not by the cluster's authority, is over, or is another host's. */
const CERTIFICATE = /CERT|SELF_SIGNED|ERR_TLS_\w*ALTNAME|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH/;
const RBAC = /^[a-z0-9.]+ is forbidden: User ".*" cannot [a-z]+ resource "/;

/** What an error of a collector's call means. */
export function classify(error: unknown, collector: Pick<CollectorFacts, 'permissions'>): Failure {
  if (error instanceof ApiStatusError) return ofStatus(error, collector);
  if (error instanceof UnexpectedAnswerError) {
    return { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false };
  }
  if (error instanceof RefusedError) return { outcome: 'failed', code: error.code, retryable: error.smaller };
  return ofNetwork(error);
}

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/ and the status codes of its API conventions. */
function ofStatus({ status, message }: ApiStatusError, { permissions }: Pick<CollectorFacts, 'permissions'>): Failure {
  switch (status) {
    case 401:
      return { outcome: 'failed', code: 'UNAUTHORIZED', retryable: false, credentialsRejected: true };
    case 403:
      return {
        outcome: 'denied',
        code: 'FORBIDDEN',
        permission: permissions[0],
        deniedBy: denier(message),
        retryable: false,
      };
    case 404:
      // A list of a kind is never "not found" on a server that serves its group and version.
      return { outcome: 'not_enabled', code: 'NOT_SERVED', retryable: false };
    case 410:
      return { outcome: 'failed', code: 'LIST_EXPIRED', retryable: false, restart: true };
    case 429:
      return { outcome: 'throttled', code: 'TOO_MANY_REQUESTS', retryable: true };
    default:
      return { outcome: 'failed', code: `HTTP_${status}`, retryable: status >= 500 };
  }
}

/** RBAC says whom it refuses; a webhook or another authorizer says what it likes. */
const denier = (message: string): DeniedBy => (RBAC.test(message) ? 'identity' : 'unknown');

function ofNetwork(error: unknown): Failure {
  const { name, code } = wordsOf(error);
  if (TOO_LARGE.test(name)) return { outcome: 'failed', code: 'ANSWER_TOO_LARGE', retryable: false };
  if (CERTIFICATE.test(code)) return { outcome: 'failed', code: 'CERTIFICATE_REJECTED', retryable: false };
  if (SLOW.test(name)) return { outcome: 'failed', code: 'TIMEOUT', retryable: true };
  if (/^Z_/.test(code)) return { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false };
  if (NETWORK.test(code) || name === 'SocketError') return { outcome: 'failed', code: 'UNREACHABLE', retryable: true };
  return { outcome: 'failed', code: /^ERR_SSL_\w+$|^EPROTO$/.test(code) ? 'TLS_FAILED' : 'UNKNOWN', retryable: false };
}

/** Several addresses that all failed come as one error that holds them. */
function wordsOf(error: unknown): { readonly name: string; readonly code: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  if (!(error instanceof Error)) return { name: '', code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { name: error.name, code };
}
