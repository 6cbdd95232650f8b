import { expect, test } from 'vitest';
import { Turns } from '../../../functions/adapters/turns.ts';

const nextTurn = () => new Promise((done) => setImmediate(done));

test('a crowd begins a few a turn, in the order it came, and what else there is to do comes between them', async () => {
  const turns = new Turns(3);
  const seen: (number | 'other')[] = [];
  const crowd = Array.from({ length: 8 }, async (_, n) => {
    await turns.begin();
    seen.push(n);
  });
  for (let turn = 0; turn < 2; turn += 1) {
    await nextTurn();
    seen.push('other');
  }
  await Promise.all(crowd);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 'other', 6, 7, 'other']);
});

test('one alone waits for nothing, however often', async () => {
  const turns = new Turns(1);
  for (let n = 0; n < 3; n += 1) {
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    await turns.begin();
    expect(turned).toBe(false);
    await nextTurn();
  }
});
