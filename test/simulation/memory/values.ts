import type { Value } from '../../../functions/domain/conditions.ts';

/** An item as the twin keeps it. */
export type Stored = Readonly<Record<string, Value>>;

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** A deep copy, without undefined values, as the marshaller leaves them out. @throws TypeError at what DynamoDB refuses. */
export function copyOf(value: Value): Value {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('A number must be finite.');
    return value;
  }
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof Set) {
    if (value.size === 0) throw new TypeError('A set may not be empty.');
    return new Set(value);
  }
  if (isList(value)) return value.map(copyOf);
  return copyOfFields(value);
}

export function copyOfFields(fields: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const copy: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) copy[name] = copyOf(value);
  return copy;
}

/** Bytes that DynamoDB counts for a value. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'number') return numberSize(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (value instanceof Set) return [...value].reduce((n, one) => n + numberSize(one), 0);
  if (isList(value)) return 3 + value.reduce<number>((n, one) => n + 1 + sizeOf(one), 0);
  return 3 + fieldsSize(value, 1);
}

const numberSize = (value: number): number => Math.ceil(String(value).replaceAll(/[-.]/g, '').length / 2) + 1;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function fieldsSize(fields: Readonly<Record<string, Value | undefined>>, each = 0): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) bytes += each + Buffer.byteLength(name) + sizeOf(value);
  }
  return bytes;
}

/** Text in the order of its UTF-8 bytes: that of its code points, which is not JavaScript's beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let n = 0; n < length; n += 1) {
    const [x, y] = [a.charCodeAt(n), b.charCodeAt(n)];
    if (x !== y) return inBytes(x) - inBytes(y);
  }
  return a.length - b.length;
}

/** Halves of surrogate pairs stand for what comes after everything else. */
const inBytes = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

/** Whether two values are the same to DynamoDB. */
export function sameValue(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((one) => b.has(one));
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((one, n) => sameOrAbsent(one, b[n]));
  }
  if (isPlain(a) && isPlain(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => sameOrAbsent(a[name], b[name]));
  }
  return false;
}

const sameOrAbsent = (a: Value | undefined, b: Value | undefined): boolean =>
  a === undefined || b === undefined ? a === b : sameValue(a, b);

const isPlain = (value: Value): value is { readonly [key: string]: Value | undefined } =>
  typeof value === 'object' && !isList(value) && !(value instanceof Set) && !(value instanceof Uint8Array);
