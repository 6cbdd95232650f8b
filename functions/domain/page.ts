import { CursorError } from './errors.ts';

/** Most rows, or entries of rows, that one page may read; a page may be short while there is a next one. */
export const MOST_ROWS = 2000;

/** Which part of a list is wanted: at most so many, behind the position that a cursor held. */
export interface PageRequest {
  readonly limit: number;
  readonly after: readonly string[] | undefined;
}

/** Longest sort key that the table takes, in bytes. */
const LONGEST_KEY = 1024;

/**
 * A sort key out of a cursor. A cursor is no secret and may be forged: one that the table would refuse is the caller's
 * fault, not ours. @throws CursorError
 */
export function sortKeyOf(position: string | undefined, beginning = ''): string {
  const fits = position !== undefined && position !== '' && Buffer.byteLength(position) <= LONGEST_KEY;
  if (!fits || !position.startsWith(beginning)) throw new CursorError();
  return position;
}
