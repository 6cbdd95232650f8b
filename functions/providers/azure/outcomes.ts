import * as z from 'zod';
import type { CollectorFacts, DeniedBy, Failure } from '../../domain/cloud.ts';
import { type Answer, NoAnswerError, UnsafeHostError } from './transport.ts';

/** A cloud's answer that does not have the shape its API promises. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** The rows of a query are not all there, and no token says how to get the rest. */
export class TruncatedError extends Error {
  override readonly name = 'TruncatedError';
}

/** A list that leads to itself again. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
}

/** A refusal of Entra or of Azure Resource Manager, without its free text: that may quote what it was sent. */
export class AzureError extends Error {
  override readonly name = 'AzureError';
  readonly status: number;
  /** The cloud's own word: `AADSTS7000215`, `AuthorizationFailed`. */
  readonly code: string;
  /** Codes that stand deeper in the answer. */
  readonly details: readonly string[];
  /** The action that was missing, where the answer names it. */
  readonly action: string | undefined;
  /** The call went on from a page's token. */
  readonly paged: boolean;

  constructor(status: number, said: Said, paged = false) {
    super(said.code);
    this.status = status;
    this.code = said.code;
    this.details = said.details;
    this.action = said.action;
    this.paged = paged;
  }
}
interface Said {
  readonly code: string;
  readonly details: readonly string[];
  readonly action?: string | undefined;
}

const SAFE_CODE = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;
const safeCode = (word: string | undefined): string => (word !== undefined && SAFE_CODE.test(word) ? word : 'UNKNOWN');

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#error-response */
const entraShape = z.object({ error: z.string(), error_description: z.string().default('') });
/** @see https://github.com/cloud-and-ai-microsoft/resource-provider-contract/blob/master/v1.0/common-api-details.md#error-response-content */
const armShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().default(''),
    details: z.array(z.object({ code: z.string().optional() })).catch([]),
  }),
});
const ACTION = /perform action '([A-Za-z0-9.]+(?:\/[A-Za-z0-9._*-]+)+)'/;

/** What Entra says of the credentials; the code is AADSTS and a number, or the word of OAuth where there is none. */
export function entraError({ status, text }: Answer): AzureError | UnexpectedAnswerError {
  const said = entraShape.safeParse(jsonOf(text));
  if (!said.success) return noShape(status);
  const { error, error_description } = said.data;
  const code = /^(AADSTS\d{4,10})\b/.exec(error_description)?.[1] ?? safeCode(error);
  return new AzureError(status, { code, details: [safeCode(error)] });
}

/** @param paged whether the call went on from a token. */
export function armError({ status, text }: Answer, paged: boolean): AzureError | UnexpectedAnswerError {
  const said = armShape.safeParse(jsonOf(text));
  if (!said.success) return noShape(status);
  const { code, message, details } = said.data.error;
  const deeper = details.map((one) => safeCode(one.code));
  return new AzureError(status, { code: safeCode(code), details: deeper, action: ACTION.exec(message)?.[1] }, paged);
}

/** A gateway's page of HTML, say: the status is all that there is to read. */
const noShape = (status: number): AzureError | UnexpectedAnswerError =>
  status === 429 || status >= 500
    ? new AzureError(status, { code: `HTTP_${status}`, details: [] })
    : new UnexpectedAnswerError('An error does not have its shape.');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer as its schema reads it. @throws UnexpectedAnswerError */
export function answerOf<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) throw new UnexpectedAnswerError('An answer does not have its shape.');
  return parsed.data;
}

const THROTTLED =
  /^(RateLimiting|TooManyRequests|SubscriptionRequestsThrottled|ResourceRequestsThrottled|AADSTS90055)$/;
/** @see https://learn.microsoft.com/azure/cost-management-billing/costs/cost-management-error-codes (those of costs) */
const DENIED =
  /^(AuthorizationFailed|RBACAccessDenied|LinkedAuthorizationFailed|DenyAssignmentAuthorizationFailed|BillingAccessDenied|AccountCostDisabled|DepartmentCostDisabled|IndirectCostDisabled|Forbidden)$/;
const NOT_ENABLED =
  /^(MissingSubscriptionRegistration|SubscriptionNotRegistered|NoRegisteredProviderFound|SubscriptionTypeNotSupported|DisallowedOperation|BillingAccountNotFound|DisabledSubscription|ReadOnlyDisabledSubscription|NotSupported)$/;
/** The token is not accepted, or not for that subscription. An expired one is replaced at the next try. */
const BAD_TOKEN = /^(InvalidAuthenticationToken\w*|AuthenticationFailed|InvalidSubscriptionId|SubscriptionNotFound)$/;
/** Entra's own troubles. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const ENTRA_DOWN = /^AADSTS(50196|90006|90024|90033|90036)$/;
const REFUSED_BY_ENTRA = /^(AADSTS\d+|invalid_client|unauthorized_client|invalid_grant)$/;

export const isThrottle = ({ status, code }: AzureError): boolean => status === 429 || THROTTLED.test(code);

/** The cloud's word that it is down: the same call may succeed later. */
export const isDown = ({ status, code }: AzureError): boolean =>
  status >= 500 || status === 408 || status === 424 || ENTRA_DOWN.test(code) || code === 'ExpiredAuthenticationToken';

/** A definite no to the credentials: another secret, client, tenant or subscription is needed. */
export const isRefusal = (error: AzureError): boolean =>
  !isThrottle(error) && !isDown(error) && (REFUSED_BY_ENTRA.test(error.code) || BAD_TOKEN.test(error.code));

export const isDenial = ({ status, code }: AzureError): boolean => DENIED.test(code) || status === 403;

/** What an error of a call means, whether of a collector or of the cost source. */
export function classify(error: unknown, { permissions }: Pick<CollectorFacts, 'permissions'>): Failure {
  if (error instanceof NoAnswerError) {
    return { outcome: 'failed', code: error.code, retryable: error.code !== 'TOO_LARGE' };
  }
  if (error instanceof UnsafeHostError) return { outcome: 'failed', code: 'UNSAFE_NEXT_LINK', retryable: false };
  if (error instanceof LoopError) return { outcome: 'failed', code: 'PAGINATION_LOOP', retryable: false };
  if (error instanceof TruncatedError) return { outcome: 'failed', code: 'RESULT_TRUNCATED', retryable: false };
  if (error instanceof UnexpectedAnswerError) return { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false };
  if (!(error instanceof AzureError)) return { outcome: 'failed', code: 'UNKNOWN', retryable: false };
  const { code } = error;
  if (isThrottle(error)) return { outcome: 'throttled', code, retryable: true };
  if (isDown(error)) return { outcome: 'failed', code, retryable: true };
  if (isRefusal(error)) return { outcome: 'failed', code, retryable: false, credentialsRejected: true };
  if (NOT_ENABLED.test(code)) return { outcome: 'not_enabled', code, retryable: false };
  if (isDenial(error)) {
    const permission = error.action ?? permissions[0];
    return { outcome: 'denied', code, permission, deniedBy: deniedBy(code), retryable: false };
  }
  // The query is always the same: what is bad about it then is the token of the page.
  if (error.status === 400 && error.paged) return { outcome: 'failed', code, retryable: false, restart: true };
  return { outcome: 'failed', code, retryable: false };
}

function deniedBy(code: string): DeniedBy {
  // Who administers the contract has switched off that costs are shown: no role lifts that.
  if (code.endsWith('CostDisabled')) return 'scp';
  if (code === 'DenyAssignmentAuthorizationFailed') return 'boundary';
  return code === 'AuthorizationFailed' || code === 'RBACAccessDenied' ? 'identity' : 'unknown';
}
