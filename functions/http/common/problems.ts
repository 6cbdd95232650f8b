import { ConflictError, CursorError, NotFoundError, UnavailableError } from '../../domain/errors.ts';
import { CloudUnavailableError, CredentialsError } from '../../providers/contract.ts';
import type { ErrorWire } from './answers.ts';

/** A request refused with a status and a machine code; texts name fields and rules, never values. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly details: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, more: { details?: string; retryAfter?: number } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details;
    this.headers = more.retryAfter === undefined ? {} : { 'retry-after': String(more.retryAfter) };
  }

  body(): ErrorWire {
    return { error: this.message, code: this.code, ...(this.details === undefined ? {} : { details: this.details }) };
  }
}

/** Every error as the wire knows it; one that is not known is a 500 that says nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof NotFoundError) return new Problem(404, 'NOT_FOUND', 'Not found.');
  if (error instanceof ConflictError) return new Problem(409, error.code, error.message);
  if (error instanceof CursorError) return new Problem(400, 'INVALID_CURSOR', error.message);
  if (error instanceof CredentialsError) {
    const details = error.details;
    return new Problem(422, error.code, error.message, details === undefined ? {} : { details });
  }
  if (error instanceof CloudUnavailableError) {
    return new Problem(503, 'PROVIDER_UNAVAILABLE', error.message, { retryAfter: 30 });
  }
  if (error instanceof UnavailableError) return new Problem(503, 'UNAVAILABLE', error.message, { retryAfter: 5 });
  return new Problem(500, 'INTERNAL', 'Something went wrong on our side.');
}
