import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { toAttributes, toItem } from '../../../functions/adapters/attributes.ts';

const item = {
  text: 'büro',
  empty: '',
  number: -1.5,
  flag: false,
  bytes: new Uint8Array([0, 255]),
  numbers: new Set([1, 12]),
  names: ['a', 'b'],
  runs: [{ id: 'x', entries: 3 }, {}],
  cells: { vpc: { outcome: 'collected', count: 0 } },
};

test('a stored item reads back as it was, and as the SDK reads it', () => {
  const attributes = toAttributes(item);
  expect(toItem(attributes)).toEqual(item);
  expect(unmarshall(attributes)).toEqual(item);
});

test('what is undefined is not stored, within maps either', () => {
  expect(toAttributes({ here: { a: undefined, b: 1 }, gone: undefined })).toEqual({ here: { M: { b: { N: '1' } } } });
});

test('what DynamoDB has no value for is refused before it is sent', () => {
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => toAttributes({ count: number })).toThrow(RangeError);
  }
  expect(() => toAttributes({ pending: new Set<number>() })).toThrow(RangeError);
});

test('what somebody else has stored is handed over whatever its type, for a schema to refuse', () => {
  expect(toItem({ a: { NULL: true }, b: { SS: ['x'] }, c: { BS: [new Uint8Array([1])] } })).toEqual({
    a: null,
    b: new Set(['x']),
    c: new Set([new Uint8Array([1])]),
  });
});
