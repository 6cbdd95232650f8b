import { expect, test } from 'vitest';
import { Fresh, Known } from '../../../functions/domain/print-lookups.ts';
import { Entries, merge, wordsOf } from '../../../functions/domain/prints.ts';

type Entry = readonly [number, number, number, number];

function entriesOf(...list: readonly Entry[]): Entries {
  const entries = new Entries(1);
  for (const one of list) entries.push(...one);
  return entries;
}
const listOf = (entries: Entries): Entry[] => Array.from({ length: entries.length }, (_, n) => entries.words(n));

test('entries come back out of their bytes, whole or in parts', () => {
  const entries = entriesOf([1, 2, 3, 4], [0xffffffff, 0, 0x80000000, 1], [5, 6, 7, 8]);
  const whole = new Entries();
  whole.decode(entries.encode(0, 3));
  expect(listOf(whole)).toEqual(listOf(entries));
  const parts = new Entries();
  parts.decode(entries.encode(0, 2));
  // The table may give bytes that lie anywhere in a larger buffer.
  const odd = Buffer.concat([Buffer.from([9]), entries.encode(2, 3)]).subarray(1);
  parts.decode(odd);
  expect(listOf(parts)).toEqual(listOf(entries));
});

test('they are sorted by their ids as unsigned numbers', () => {
  const sorted = entriesOf([0x80000000, 0, 1, 1], [1, 9, 2, 2], [1, 8, 3, 3], [0xffffffff, 1, 4, 4]).sorted();
  expect(listOf(sorted).map(([high, low]) => [high, low])).toEqual([
    [1, 8],
    [1, 9],
    [0x80000000, 0],
    [0xffffffff, 1],
  ]);
});

test('of two runs the later stands, and what it calls gone is left out', () => {
  const earlier = entriesOf([1, 0, 1, 1], [2, 0, 1, 1], [4, 0, 1, 1]);
  const later = entriesOf([2, 0, 9, 9], [3, 0, 1, 1], [4, 0, 0, 0], [5, 0, 0, 0]);
  expect(listOf(merge(earlier, later))).toEqual([
    [1, 0, 1, 1],
    [2, 0, 9, 9],
    [3, 0, 1, 1],
  ]);
  expect(listOf(merge(new Entries(), later))).toHaveLength(2);
  expect(listOf(merge(earlier, new Entries()))).toEqual(listOf(earlier));
});

test('a known run finds every id and no other, and counts what was not met, over links too', () => {
  const sorted = entriesOf(...Array.from({ length: 1000 }, (_, n): Entry => [n * 7, n, 1, n])).sorted();
  const known = new Known(sorted);
  for (let n = 0; n < 1000; n += 1) expect(known.find(n * 7, n)).toBe(n);
  expect(known.find(1, 0)).toBe(-1);
  expect(known.find(7, 2)).toBe(-1);
  for (let n = 0; n < 1000; n += 3) {
    known.see(n);
    known.see(n);
  }
  expect(known.missing).toBe(666);
  const next = new Known(sorted, known.seen);
  expect(next.missing).toBe(666);
  expect([next.isSeen(0), next.isSeen(1), next.isSeen(999)]).toEqual([true, false, true]);
});

test('fresh entries are found again however many there are, and a later content replaces an earlier one', () => {
  const fresh = new Fresh();
  // Ids that fall into few slots.
  for (let n = 0; n < 5000; n += 1) fresh.put(n << 8, 0, n + 1, n);
  fresh.put(17 << 8, 0, 42, 42);
  expect(fresh.entries.length).toBe(5000);
  for (let n = 0; n < 5000; n += 1) expect(fresh.find(n << 8, 0)).toBe(n);
  expect(fresh.entries.words(17)).toEqual([17 << 8, 0, 42, 42]);
  expect(fresh.find(1, 1)).toBe(-1);
});

test('the words of a hash are its first eight bytes, high first', () => {
  expect(wordsOf(Buffer.from('ff00000180000002', 'hex'))).toEqual([0xff000001, 0x80000002]);
});
