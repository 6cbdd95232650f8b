import { describe, expect, test } from 'vitest';
import { describeFailure, fixed } from './fixed.ts';
import { enumerate } from './harness.ts';
import { largeScan } from './large-scan.ts';
import { runSeed, traceOf } from './seeds.ts';

// The scenarios are in modules of their own: `npm run simulate` and `npm run mutants` run them without a test runner.

const SEEDS = 40;

describe('the production handlers on a virtual clock', () => {
  for (const scenario of fixed) {
    const how = scenario.once ? '' : ', whatever effect a crash, a lost answer or an error follows';
    test(`${scenario.name}: the invariants hold${how}`, async () => {
      const { failed } = await enumerate(scenario);
      expect(failed.map((one) => describeFailure(one)).join('\n')).toBe('');
    });
  }

  test(`stories of ${SEEDS} seeds, of faults, races and clouds that change, end well`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const failure = await runSeed(seed);
      expect(failure === undefined ? '' : `npm run simulate -- --seed ${seed}\n${describeFailure(failure)}`).toBe('');
    }
  });

  test('a scan of 20,000 resources goes on over three Lambdas, and writes nothing where nothing changed', async () => {
    const { first, unchanged } = await largeScan(20_000, [11_000, 14_000]);
    expect(first).toMatchObject({ lambdas: 3, cloudCalls: 20, rowsWritten: 20_000 });
    expect(unchanged).toMatchObject({ lambdas: 3, cloudCalls: 20, rowsWritten: 0 });
    expect(unchanged.writeUnits).toBeLessThanOrEqual(40);
  });

  test('a seed tells the same story each time', async () => {
    const [once, again] = [await traceOf(7), await traceOf(7)];
    expect(again).toEqual(once);
  });
});
