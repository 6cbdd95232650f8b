import { createHash } from 'node:crypto';
import { beginIdempotent, IdempotencyKeyReusedError, type IdempotencyRecord } from '../../domain/idempotency.ts';
import type { Clock, Table } from '../../domain/ports.ts';
import { Problem, problemOf } from './problems.ts';
import type { Caller } from './token.ts';

/** A request that may carry an `Idempotency-Key`. */
export interface MaybeIdempotent {
  readonly caller: Caller;
  /** Names the operation, cloud or provider included. */
  readonly route: string;
  readonly key: string | undefined;
  /** The body without its secret fields. */
  readonly body: unknown;
  readonly status: number;
  readonly owner: string;
}

export interface Replay {
  readonly raw: { readonly statusCode: number; readonly headers: Record<string, string>; readonly body: string };
}

/**
 * Runs a request once for its key: the same key and body give the first answer again. Without a key it just runs.
 * @throws Problem 400 for a malformed key, 422 for another body; ConflictError while the first one is at work.
 */
export async function once<T extends { readonly body: unknown }>(
  ports: { readonly table: Table; readonly clock: Clock },
  request: MaybeIdempotent,
  run: (record: IdempotencyRecord | undefined, reserved: number | undefined) => Promise<T>,
): Promise<T | Replay> {
  if (request.key === undefined) return run(undefined, undefined);
  if (!/^[\x21-\x7e]{1,255}$/.test(request.key)) {
    throw new Problem(400, 'INVALID_IDEMPOTENCY_KEY', 'The Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  const digest = createHash('sha256').update(JSON.stringify(request.body)).digest('base64url');
  const call = { tenant: request.caller.tenantHash, route: request.route, key: request.key, digest };
  const begun = await beginIdempotent(ports, { ...call, owner: request.owner }).catch((error: unknown) => {
    if (!(error instanceof IdempotencyKeyReusedError)) throw error;
    throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another body.');
  });
  if ('replay' in begun) {
    const { status, body } = begun.replay;
    return { raw: { statusCode: status, headers: { ...HEADERS, 'idempotency-replayed': 'true' }, body } };
  }
  try {
    const answer = await run(begun.record, begun.reserved);
    await begun.record.answer({ status: request.status, body: JSON.stringify(answer.body) });
    return answer;
  } catch (error) {
    const problem = problemOf(error);
    await begun.record.answer({ status: problem.status, body: JSON.stringify(problem.body()) });
    throw error;
  }
}

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };
