import * as z from 'zod';
import { StatusError } from './status.ts';

/** A continue token is a version, a resource version and a place, in base64; nobody but the server reads it. */
const tokenSchema = z.strictObject({ v: z.literal('meta.k8s.io/v1'), rv: z.number(), page: z.int(), start: z.int() });

interface Pageable<T> {
  readonly length: number;
  slice(from: number, to: number): T[];
}

/**
 * One chunk of a list: all of it without a limit.
 * @param loops whether it gives the same next token for ever.
 * @throws StatusError 400 for a limit or token that is none.
 */
export function pageOf<T>(
  items: Pageable<T>,
  limit: string | null,
  token: string | null,
  loops: boolean,
): { readonly items: T[]; readonly next: string | undefined; readonly fresh: string | undefined } {
  if (limit !== null && !/^\d+$/.test(limit)) throw new StatusError(400, 'BadRequest', 'limit must be a number');
  const size = limit === null || limit === '0' ? items.length : Number(limit);
  const { page, start } = token === null || token === '' ? { page: 1, start: 0 } : read(token);
  const end = start + size;
  const next = loops ? write(2, 0) : end < items.length ? write(page + 1, end) : undefined;
  return { items: items.slice(start, end), next, fresh: page > 1 ? write(page, start) : undefined };
}

const write = (page: number, start: number): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 4711, page, start })).toString('base64url');

function read(token: string): z.infer<typeof tokenSchema> {
  try {
    return tokenSchema.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw new StatusError(400, 'BadRequest', 'continue key is not valid');
  }
}
