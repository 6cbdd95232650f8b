import { beforeAll, describe, expect, test } from 'vitest';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { ENABLED_REGIONS } from '../../lib/local/clouds/aws/accounts.ts';
import { fewestOf, withSample } from './cases.ts';
import { countOf } from './clouds/bench-cloud.ts';
import { otherClouds } from './clouds/registered.ts';
import { fewestCallsAt } from './fewest-calls.ts';
import { ready } from './m1-schedules.ts';
import { type Costs, costsAt, exponentOf } from './m6-cost.ts';
import type { RigSync } from './rig/rig.ts';
import { byKindIn, resourcesAt, SMALLEST, sampleRig, sizeFor } from './rig/sample-rig.ts';

/** The counts of the measures, at sizes that a test can wait for; `npm run bench` takes them at full size. */
const SIZE = sizeFor(5000);

describe('four syncs of an account with 5,000 resources', () => {
  let first: RigSync;
  let unchanged: RigSync;
  let settled: RigSync;
  let changed: RigSync;
  let gone: RigSync;
  beforeAll(async () => {
    const { rig, turn } = await sampleRig({ size: SIZE });
    first = await rig.sync();
    unchanged = await rig.sync();
    settled = await rig.sync();
    await turn({ change: [{ share: 0.01 }] });
    changed = await rig.sync();
    await turn({ size: SMALLEST });
    gone = await rig.sync();
  });
  const found = (): number => first.job.totals?.found ?? 0;

  test('M2: makes the fewest calls that can read it', () => {
    expect(first.job.totals?.api_calls).toBe(fewestCallsAt({ size: SIZE }));
    expect(unchanged.job.totals?.api_calls).toBe(fewestCallsAt({ size: SIZE }));
  });

  test('M3: the first writes at most 1,050 units per 1,000 resources, and two per scan', () => {
    const scopes = new Map<string, readonly string[]>(Object.entries(byKindIn(ENABLED_REGIONS)));
    const scans = collectorsOf('aws').reduce((n, { scope }) => n + (scopes.get(scope)?.length ?? 0), 0);
    expect(((first.meters.countedUnits - 2 * scans) / found()) * 1000).toBeLessThanOrEqual(1050);
  });

  test('M3: one that finds nothing changed writes at most 20 units in all, beside the plan of the first durations', () => {
    for (const sync of [unchanged, settled]) {
      expect(sync.job.totals).toMatchObject({ found: found(), created: 0, updated: 0, removed: 0 });
    }
    console.log(
      unchanged.meters.countedUnits,
      unchanged.meters.writes,
      settled.meters.countedUnits,
      settled.meters.writes,
    );
    expect(unchanged.meters.countedUnits - (unchanged.meters.writes.plans ?? 0)).toBeLessThanOrEqual(20);
    expect(settled.meters.countedUnits).toBeLessThanOrEqual(20);
  });

  test('M3: one with a hundredth changed writes that hundredth, and little for each scan that it is in', () => {
    const updated = changed.job.totals?.updated ?? 0;
    expect(updated / found()).toBeCloseTo(0.01, 2);
    expect(changed.meters.writes.resources).toBe(updated);
    const { scans = 0, changes = 0, fingerprints = 0 } = changed.meters.writes;
    expect(scans).toBeLessThanOrEqual(2 * updated);
    expect(changes + fingerprints).toBeLessThanOrEqual(scans);
  });

  test('M3: one that finds all gone writes at most 1,250 units per 1,000 resources', () => {
    const removed = gone.job.totals?.removed ?? 0;
    expect(removed).toBe(found() - resourcesAt({ size: SMALLEST }));
    expect((gone.meters.countedUnits / removed) * 1000).toBeLessThanOrEqual(1250);
  });

  test('progress is written by what takes long only', () => {
    expect(first.meters.writes.progress ?? 0).toBeLessThanOrEqual(first.milliseconds / 1000);
  });
});

describe.each(otherClouds)('an account of $name with 2,000 resources', (cloud) => {
  test('M2, M3: takes the fewest calls, and at most 20 units where nothing has changed', { timeout: 60_000 }, () =>
    withSample(cloud, 2000, { callMs: 100, share: 0.5 }, async (of, sample) => {
      const { rig } = ready(of);
      const made = (): number => {
        const count = sample.calls().filter((call) => !cloud.isBesides(call)).length;
        sample.resetCalls();
        return count;
      };
      made();
      for (const which of ['first', 'unchanged']) {
        const { job, meters } = await rig.sync();
        expect(made()).toBe(fewestOf(of));
        expect(job.totals).toMatchObject({ found: countOf(sample.held()), api_calls: fewestOf(of) });
        if (which === 'unchanged') expect(meters.countedUnits).toBeLessThanOrEqual(20);
      }
      expect(sample.unknownCalls()).toEqual([]);
    }),
  );
});

test('M6: the cost of a first sync grows as the account does at most, that of an unchanged one less', async () => {
  const costs: Costs[] = [];
  for (const size of [1000, 10_000]) costs.push(await costsAt(size));
  expect(exponentOf(costs, 'first')).toBeLessThanOrEqual(1);
  expect(exponentOf(costs, 'unchanged')).toBeLessThanOrEqual(0.7);
});
