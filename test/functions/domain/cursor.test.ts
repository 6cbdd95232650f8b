import { expect, test } from 'vitest';
import { readCursor, writeCursor } from '../../../functions/domain/cursor.ts';
import { CursorError } from '../../../functions/domain/errors.ts';

const scope = ['resources', 'tenant', 1, undefined, 'eu-west-1'] as const;

test('a cursor leads back to its position', () => {
  expect(readCursor(scope, writeCursor(scope, ['vpc', 'eu-west-1#x']))).toEqual(['vpc', 'eu-west-1#x']);
  expect(readCursor(scope, undefined)).toBeUndefined();
});

test('a cursor of another tenant, provider or query is refused', () => {
  const cursor = writeCursor(scope, ['vpc', 'x']);
  for (const other of [
    ['resources', 'other', 1, undefined, 'eu-west-1'],
    ['resources', 'tenant', 2, undefined, 'eu-west-1'],
    ['resources', 'tenant', 1, 'vpc', 'eu-west-1'],
    ['resources', 'tenant', 1, undefined, undefined],
    ['providers', 'tenant', 1, undefined, 'eu-west-1'],
  ]) {
    expect(() => readCursor(other, cursor)).toThrow(CursorError);
  }
});

test('a garbled cursor is refused', () => {
  const good = writeCursor(scope, ['vpc', 'x']);
  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const cursor of [
    'x',
    '',
    '%00',
    good.slice(1),
    `${good}=`,
    forged(null),
    forged([]),
    forged({ at: 'x' }),
    forged({ at: [1], of: 'x' }),
  ]) {
    expect(() => readCursor(scope, cursor)).toThrow(CursorError);
  }
});
