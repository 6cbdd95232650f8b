/** How an API writes its errors: the newer ones by `status` and `details`, the older ones by `errors` as well. */
export type Style = 'modern' | 'legacy';

/** A call is refused, in Google's words. `outcome` is the most telling of them. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly outcome: string;
  readonly body: unknown;

  constructor(status: number, outcome: string, body: unknown) {
    super(outcome);
    this.status = status;
    this.outcome = outcome;
    this.body = body;
  }
}

interface Said {
  readonly status: number;
  /** The canonical word of google.rpc.Code. */
  readonly word: string;
  readonly message: string;
  /** The reason of the older APIs. */
  readonly legacy: string;
  /** The reason of google.rpc.ErrorInfo, where there is one. */
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** @see https://cloud.google.com/apis/design/errors and https://cloud.google.com/storage/docs/json_api/v1/status-codes */
export function refusal(style: Style, said: Said): Refusal {
  const { status, word, message, legacy, reason, metadata } = said;
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata };
  const isOld = style === 'legacy';
  const error = {
    code: status,
    message,
    ...(isOld ? { errors: [{ message, domain: 'global', reason: legacy }] } : {}),
    ...(isOld && reason === undefined ? {} : { status: word }),
    ...(reason === undefined ? {} : { details: [info] }),
  };
  return new Refusal(status, reason ?? (isOld ? legacy : word), { error });
}

export const denied = (style: Style, permission: string, resource: string): Refusal =>
  refusal(style, {
    status: 403,
    word: 'PERMISSION_DENIED',
    message:
      style === 'legacy'
        ? `Required '${permission}' permission for '${resource}'`
        : `Permission '${permission}' denied on resource '//${resource}' (or it may not exist).`,
    legacy: 'forbidden',
    ...(style === 'legacy' ? {} : { reason: 'IAM_PERMISSION_DENIED', metadata: { permission, resource } }),
  });

/** @see https://cloud.google.com/vpc-service-controls/docs/troubleshooting */
export const deniedByPolicy = (style: Style, service: string): Refusal =>
  refusal(style, {
    status: 403,
    word: 'PERMISSION_DENIED',
    message: `Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: sample`,
    legacy: 'forbidden',
    reason: 'SECURITY_POLICY_VIOLATED',
    metadata: { service, uid: 'sample' },
  });

/** @see https://cloud.google.com/service-usage/docs/reference/rest: google/api/error_reason.proto SERVICE_DISABLED */
export const disabled = (style: Style, host: string, projectNumber: string): Refusal =>
  refusal(style, {
    status: 403,
    word: 'PERMISSION_DENIED',
    message: `${host} has not been used in project ${projectNumber} before or it is disabled. Enable it, then retry.`,
    legacy: 'accessNotConfigured',
    reason: 'SERVICE_DISABLED',
    metadata: { service: host, consumer: `projects/${projectNumber}` },
  });

export const throttled = (style: Style, host: string, projectNumber: string): Refusal =>
  style === 'legacy'
    ? refusal(style, {
        status: 403,
        word: 'PERMISSION_DENIED',
        message: 'Rate Limit Exceeded',
        legacy: 'rateLimitExceeded',
      })
    : refusal(style, {
        status: 429,
        word: 'RESOURCE_EXHAUSTED',
        message: `Quota exceeded for quota metric and limit of service '${host}' for consumer 'project_number:${projectNumber}'.`,
        legacy: 'rateLimitExceeded',
        reason: 'RATE_LIMIT_EXCEEDED',
        metadata: { service: host, consumer: `projects/${projectNumber}`, quota_limit_value: '100' },
      });

export const unavailable = (style: Style): Refusal =>
  refusal(style, {
    status: 503,
    word: 'UNAVAILABLE',
    message: 'The service is currently unavailable.',
    legacy: 'backendError',
  });

export const invalid = (style: Style, message: string): Refusal =>
  refusal(style, { status: 400, word: 'INVALID_ARGUMENT', message, legacy: 'invalid' });

export const notFound = (style: Style, message: string): Refusal =>
  refusal(style, { status: 404, word: 'NOT_FOUND', message, legacy: 'notFound' });

export const unauthenticated = (host: string): Refusal =>
  refusal('modern', {
    status: 401,
    word: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    legacy: 'authError',
    reason: 'ACCESS_TOKEN_TYPE_UNSUPPORTED',
    metadata: { service: host },
  });
