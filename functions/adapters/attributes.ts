import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, Value } from '../domain/conditions.ts';

/** An item as DynamoDB speaks of it: each value under the name of its type. */
export type Attributes = Record<string, AttributeValue>;

// By hand, though the SDK has a document client: that one walks every request and answer by its schema and tries the
// values against twenty classes, which is a tenth of what a row's write costs.

/**
 * The values of one item or of an expression; undefined ones are left out, also within maps.
 * @throws RangeError at a number that is none, and at an empty set: DynamoDB has neither.
 */
export function toAttributes(values: Readonly<Record<string, Value | undefined>>): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

function toAttribute(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: numeral(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: value };
  if (value instanceof Set) {
    if (value.size === 0) throw new RangeError('An empty set cannot be stored.');
    return { NS: [...value].map(numeral) };
  }
  if (isList(value)) return { L: value.map(toAttribute) };
  return { M: toAttributes(value) };
}

/** Unlike `Array.isArray`, it tells the compiler that a read-only list is one. */
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

function numeral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('A value that is not a number cannot be stored as one.');
  return String(value);
}

/** An item as it was stored, for a schema to parse. A number that JavaScript cannot hold exactly is rounded. */
export function toItem(attributes: Readonly<Attributes>): Item {
  const item: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) item[name] = toValue(attribute);
  return item;
}

function toValue(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.B !== undefined) return attribute.B;
  if (attribute.M !== undefined) return toItem(attribute.M);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.L !== undefined) return attribute.L.map(toValue);
  if (attribute.NS !== undefined) return new Set(attribute.NS.map(Number));
  if (attribute.SS !== undefined) return new Set(attribute.SS);
  if (attribute.BS !== undefined) return new Set(attribute.BS);
  return null;
}
