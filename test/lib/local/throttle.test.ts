import { expect, test } from 'vitest';
import { TokenBucket } from '../../../lib/local/token-bucket.ts';

test('a throttle lets its burst through at once, and then its rate', () => {
  let now = 0;
  const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, () => now);
  const take = (times: number) => Array.from({ length: times }, () => bucket.take());
  expect(take(4)).toEqual([true, true, true, false]);
  now = 500;
  expect(take(2)).toEqual([true, false]);
  now = 60_000;
  expect(take(4)).toEqual([true, true, true, false]);
});

test('without a rate nothing is throttled', () => {
  const bucket = new TokenBucket({}, () => 0);
  expect(Array.from({ length: 1000 }, () => bucket.take())).not.toContain(false);
});
