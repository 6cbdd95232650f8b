import { expect, test } from 'vitest';
import { OutOfTimeError } from '../../../functions/domain/errors.ts';
import { TokenBucket } from '../../../functions/domain/token-bucket.ts';

/** A clock that jumps over every sleep. */
class Jumping {
  #now = 1_000_000;
  now(): number {
    return this.#now;
  }
  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }
}

const QUOTA = { burst: 100, perSecond: 20 };
const NEVER = Number.POSITIVE_INFINITY;

/** Milliseconds that so many calls one after another are held back in all. */
async function held(bucket: TokenBucket, clock: Jumping, calls: number): Promise<number> {
  const began = clock.now();
  for (let n = 0; n < calls; n += 1) await bucket.take(NEVER);
  return clock.now() - began;
}

test('of a documented quota only the share is taken, burst and rate', async () => {
  const clock = new Jumping();
  const bucket = new TokenBucket(clock, QUOTA, 0.5, true);
  expect(await held(bucket, clock, 50)).toBe(0);
  expect(Math.round(await held(bucket, clock, 100))).toBe(10_000);
});

test('a later link begins without the burst that the one before has used', async () => {
  const clock = new Jumping();
  const bucket = new TokenBucket(clock, QUOTA, 1, false);
  expect(Math.round(await held(bucket, clock, 21))).toBe(1000);
});

test('without a documented quota nothing is held back, until the cloud throttles, and not for ever', async () => {
  const clock = new Jumping();
  const bucket = new TokenBucket(clock, undefined, 0.5, true);
  expect(await held(bucket, clock, 10_000)).toBe(0);
  bucket.throttled();
  const slow = await held(bucket, clock, 20);
  expect(slow).toBeGreaterThan(1000);
  await clock.sleep(120_000);
  expect(await held(bucket, clock, 1000)).toBe(0);
});

test('a throttle halves the rate, those of the same moment only once, and it grows back up to the share', async () => {
  const clock = new Jumping();
  const bucket = new TokenBucket(clock, QUOTA, 0.5, true);
  await held(bucket, clock, 50);
  for (let n = 0; n < 10; n += 1) bucket.throttled();
  const first = await held(bucket, clock, 5);
  expect(first).toBeGreaterThan(850);
  expect(first).toBeLessThan(1050);
  await clock.sleep(60_000);
  expect(await held(bucket, clock, 50)).toBe(0);
  expect(Math.round(await held(bucket, clock, 100))).toBe(10_000);
});

test('who would have to wait beyond the deadline is told at once, and takes no place in the queue', async () => {
  const clock = new Jumping();
  const bucket = new TokenBucket(clock, { burst: 1, perSecond: 1 }, 1, true);
  await bucket.take(NEVER);
  const before = clock.now();
  await expect(bucket.take(before + 500)).rejects.toThrow(OutOfTimeError);
  expect(clock.now()).toBe(before);
  await bucket.take(before + 1500);
  expect(clock.now() - before).toBe(1000);
});
