/** A value that a table item may hold. Sets of numbers are the joins' `pending`. */
export type Value =
  | string
  | number
  | boolean
  | Uint8Array
  | Set<number>
  | readonly string[]
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** An item as it came from the table: nothing is known of it until a schema has parsed it. */
export type Item = Readonly<Record<string, unknown>>;

/** What must hold for a write to be applied: DynamoDB's condition expressions as data, so that a twin can judge them too. */
export type Condition =
  | { readonly is: 'absent' | 'present'; readonly attribute: string }
  | { readonly is: 'equal' | 'below' | 'holding'; readonly attribute: string; readonly value: Value }
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition[] };

export const absent = (attribute: string): Condition => ({ is: 'absent', attribute });
export const present = (attribute: string): Condition => ({ is: 'present', attribute });
export const equal = (attribute: string, value: Value): Condition => ({ is: 'equal', attribute, value });
/** True where the attribute is present and smaller; text compares by its UTF-8 bytes. */
export const below = (attribute: string, value: string | number): Condition => ({ is: 'below', attribute, value });
/** True where a number set holds the number. */
export const holding = (attribute: string, value: number): Condition => ({ is: 'holding', attribute, value });
export const allOf = (...of: readonly Condition[]): Condition => ({ is: 'all', of });
export const anyOf = (...of: readonly Condition[]): Condition => ({ is: 'any', of });
