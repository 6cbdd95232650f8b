import * as z from 'zod';

/** An error as Google's APIs answer it: the older ones fill `errors`, the newer ones `status` and `details`. */
const bodySchema = z.object({
  error: z.object({
    message: z.string().default(''),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
    details: z
      .array(
        z.object({
          '@type': z.string().default(''),
          reason: z.string().optional(),
          metadata: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .default([]),
  }),
});

/**
 * An API refused a call. `reason` is the most telling word that it gave, `permission` the one that it named as missing.
 * @see https://cloud.google.com/apis/design/errors
 */
export class GoogleError extends Error {
  override readonly name = 'GoogleError';
  readonly status: number;
  readonly reason: string;
  readonly permission: string | undefined;
  /** The cloud's free text: only ever matched, never shown. */
  readonly said: string;

  constructor(status: number, body: unknown) {
    super(`HTTP ${status}`);
    const parsed = bodySchema.safeParse(body);
    const { message = '', status: word, errors = [], details = [] } = parsed.success ? parsed.data.error : {};
    const info = details.find((one) => one['@type'].endsWith('google.rpc.ErrorInfo') && one.reason !== undefined);
    const named = info?.metadata?.permission;
    this.status = status;
    this.reason = info?.reason ?? errors[0]?.reason ?? word ?? `HTTP_${status}`;
    this.permission = typeof named === 'string' ? named : undefined;
    this.said = message;
  }
}

/** The token endpoint refused the key. `code` is OAuth's word. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly status: number;
  readonly code: string;
  /** Our clock is off: that says nothing of the key. */
  readonly skewed: boolean;

  constructor(status: number, body: unknown) {
    const shape = z.object({ error: z.string(), error_description: z.string().default('') });
    const parsed = shape.safeParse(body);
    super(`HTTP ${status}`);
    this.status = status;
    this.code = parsed.success ? parsed.data.error : `HTTP_${status}`;
    this.skewed = parsed.success && /reasonable timeframe|iat and exp/i.test(parsed.data.error_description);
  }
}

/** An API's answer does not have the shape that it promises. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** The token of a page is not good any more: its list begins anew. */
export class PageGoneError extends Error {
  override readonly name = 'PageGoneError';
}
