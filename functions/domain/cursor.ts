import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CursorError } from './errors.ts';

/** A position in a list: opaque to callers. It holds no partition; that always comes from the token and the path. */
const cursorSchema = z.strictObject({ at: z.array(z.string().max(1200)).max(3), of: z.string() });

/** What a cursor belongs to: the list, whose it is, and its filters; not its limit. */
export type CursorScope = readonly (string | number | undefined)[];

const hashOf = (scope: CursorScope): string =>
  createHash('sha256')
    .update(JSON.stringify(scope.map((part) => part ?? null)))
    .digest('base64url')
    .slice(0, 16);

export function writeCursor(scope: CursorScope, at: readonly string[]): string {
  return Buffer.from(JSON.stringify({ at, of: hashOf(scope) })).toString('base64url');
}

/** @throws CursorError when it is garbled or of another list. */
export function readCursor(scope: CursorScope, cursor: string | undefined): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) throw new CursorError();
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new CursorError();
  }
  const parsed = cursorSchema.safeParse(value);
  if (!parsed.success || parsed.data.of !== hashOf(scope)) throw new CursorError();
  return parsed.data.at;
}
