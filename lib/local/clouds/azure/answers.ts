import { randomUUID } from 'node:crypto';

/** One answer as it goes over the wire. */
export interface Written {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal: the cloud's own code, for the ledger of calls, and how it is written. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly written: Written;
  constructor(code: string, written: Written) {
    super(code);
    this.code = code;
    this.written = written;
  }
}

export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Written => ({
  status,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
});

/** Azure Resource Manager's errors. */
export function armRefusal(
  status: number,
  code: string,
  message: string,
  more: { readonly details?: readonly unknown[]; readonly headers?: Readonly<Record<string, string>> } = {},
): Refusal {
  const error = { code, message, ...(more.details === undefined ? {} : { details: more.details }) };
  return new Refusal(code, json(status, { error }, more.headers));
}

/**
 * Entra's errors, with the ids and the time that support asks for.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#error-response
 */
export function entraRefusal(status: number, error: string, code: number, text: string): Refusal {
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return new Refusal(
    `AADSTS${code}`,
    json(status, {
      error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    }),
  );
}
