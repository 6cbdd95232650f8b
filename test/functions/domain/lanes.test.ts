import { expect, test } from 'vitest';
import { Lanes } from '../../../functions/domain/lanes.ts';

/** Starts a call of each key in turn and says how many are at work, by key; none ends before `release`. */
function crowd(lanes: Lanes, keys: readonly string[]) {
  const busy = new Map<string, number>();
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const all = keys.map((key, n) =>
    lanes.run(key, async () => {
      busy.set(key, (busy.get(key) ?? 0) + 1);
      order.push(`${key}${n}`);
      await new Promise<void>((end) => ends.push(end));
      busy.set(key, (busy.get(key) ?? 0) - 1);
    }),
  );
  return { busy, order, release: () => ends.shift()?.(), all };
}
const settled = () => new Promise((done) => setImmediate(done));

test('a slow key never takes more than its share, and the others pass by', async () => {
  const lanes = new Lanes(4, 2);
  const { busy, order, release, all } = crowd(lanes, ['slow', 'slow', 'slow', 'slow', 'quick', 'quick']);
  await settled();
  expect(Object.fromEntries(busy)).toEqual({ slow: 2, quick: 2 });
  for (let n = 0; n < 6; n += 1) {
    release();
    await settled();
    expect(busy.get('slow') ?? 0).toBeLessThanOrEqual(2);
  }
  await Promise.all(all);
  expect(order.filter((one) => one.startsWith('slow'))).toEqual(['slow0', 'slow1', 'slow2', 'slow3']);
});

test('a call that fails gives its lane back', async () => {
  const lanes = new Lanes(1);
  await expect(lanes.run('', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lanes.run('', async () => 'yes')).toBe('yes');
});
