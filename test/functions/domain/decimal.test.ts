import { describe, expect, test } from 'vitest';
import { DECIMAL, exactDecimal, sumOf } from '../../../functions/domain/decimal.ts';

describe('a decimal as a cloud writes it is written out, exactly', () => {
  test.each([
    ['0', '0'],
    ['-0.00', '0'],
    ['1', '1'],
    ['0012.500', '12.5'],
    ['+3.10', '3.1'],
    ['-0.0000000001', '-0.0000000001'],
    ['1E-7', '0.0000001'],
    ['-1.5e-10', '-0.00000000015'],
    ['1.25E+3', '1250'],
    ['12e0', '12'],
    ['0e999', '0'],
    ['0.1234567890123456789012345678901', '0.1234567890123456789012345678901'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('%s is %s', (given, written) => {
    expect(exactDecimal(given)).toBe(written);
    expect(written).toMatch(DECIMAL);
  });
});

test.each([
  '',
  ' 1',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '1e-41',
  '1e41',
  '1,5',
  '1.',
  '.5',
  '0x10',
  '1e',
  '--1',
  '1_000',
  '１',
  '9'.repeat(41),
  '9'.repeat(5000),
])('what is no decimal, or too long a one, is refused: %s', (text) => {
  expect(exactDecimal(text)).toBeUndefined();
});

test('sums are exact where floats are not', () => {
  expect(0.1 + 0.2).not.toBe(0.3);
  expect(sumOf(['0.1', '0.2'])).toBe('0.3');
  expect(sumOf(['123456789012345678901234567890', '0.000000000000000000000000000001'])).toBe(
    '123456789012345678901234567890.000000000000000000000000000001',
  );
  expect(sumOf(['5', '-5.00000001'])).toBe('-0.00000001');
  expect(sumOf(['-0.05', '0.05'])).toBe('0');
  expect(sumOf(['-0.5'])).toBe('-0.5');
  expect(sumOf([])).toBe('0');
  expect(sumOf(Array.from({ length: 10_000 }, () => '0.0001'))).toBe('1');
});
