import type { WriteInput } from './write-kinds.ts';

/**
 * The due index by arithmetic. Its entries hold keys only, so a write of the table costs it nothing while they stay,
 * one unit where an entry comes or goes, and two where one moves.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export class DueIndex {
  readonly #entries = new Map<string, string>();

  /** @returns the units of an applied write. */
  write({ Key: { pk, sk }, UpdateExpression, ExpressionAttributeValues = {} }: WriteInput): number {
    const key = `${pk}\0${sk}`;
    const before = this.#entries.get(key);
    const after =
      UpdateExpression === undefined ? undefined : changed(UpdateExpression, ExpressionAttributeValues, before);
    if (after === undefined) this.#entries.delete(key);
    else this.#entries.set(key, after);
    if (before === after) return 0;
    return before === undefined || after === undefined ? 1 : 2;
  }
}

function changed(
  expression: string,
  values: Readonly<Record<string, { readonly S?: string | undefined }>>,
  before: string | undefined,
): string | undefined {
  const set = /#due_at = (:\w+)/.exec(expression)?.[1];
  if (set !== undefined) return values[set]?.S;
  const removes = /\bREMOVE\b[^:]*#due_at\b/.test(expression);
  return removes ? undefined : before;
}
