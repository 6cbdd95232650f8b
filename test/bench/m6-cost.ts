import type { Bench, Measure } from './measure.ts';
import { type Cost, costOf, totalOf } from './prices.ts';
import { sampleRig, sizeFor } from './rig/sample-rig.ts';

export const SIZES = [1000, 10_000, 100_000] as const;
const QUICK_SIZES = [1000, 10_000];

/** What one account's syncs cost. */
export interface Costs {
  readonly resources: number;
  readonly first: Cost;
  readonly unchanged: Cost;
}

/** What a sync costs at list price, and how that grows with the number of resources. */
export const cost: Bench = {
  id: 'M6',
  title: 'cost of a sync at list price',
  quick: true,
  async run(progress, { quick }) {
    const all: Costs[] = [];
    for (const size of quick ? QUICK_SIZES : SIZES) {
      const costs = await costsAt(size);
      progress(
        `${costs.resources.toLocaleString('en')}: first ${dollars(costs.first)}; unchanged ${dollars(costs.unchanged)}`,
      );
      all.push(costs);
    }
    return measuresOf(all);
  },
};

/** A first sync, and one that finds nothing changed when all durations are known. */
export async function costsAt(resources: number): Promise<Costs> {
  const { rig } = await sampleRig({ size: sizeFor(resources) });
  const first = await rig.sync();
  // The plan is made anew with the durations of the first sync; the third sync is as all that follow.
  await rig.sync();
  const unchanged = await rig.sync();
  const { found } = first.job.totals ?? { found: 0 };
  return { resources: found, first: costOf(first.meters, found), unchanged: costOf(unchanged.meters, found) };
}

/** The power of the number of resources that a cost grows with, from the smallest to the largest. */
export function exponentOf(all: readonly Costs[], which: 'first' | 'unchanged'): number {
  const [small, large] = [all.at(0), all.at(-1)];
  if (small === undefined || large === undefined || small === large) throw new RangeError('It takes two sizes.');
  return Math.log(totalOf(large[which]) / totalOf(small[which])) / Math.log(large.resources / small.resources);
}

function measuresOf(all: readonly Costs[]): readonly Measure[] {
  const how =
    'production handlers on a virtual clock, 100 ms a call to the cloud, 5 ms to the table; 1,024 MB arm64; list prices of us-east-1, without logs and free tiers';
  const measure = (which: 'first' | 'unchanged', name: string, must: number, aim: number): Measure => ({
    id: 'M6',
    name,
    value: exponentOf(all, which),
    must,
    aim,
    note: `${all.map((one) => `${one.resources.toLocaleString('en')}: ${dollars(one[which])}`).join('; ')}; ${how}`,
  });
  return [
    measure('first', 'exponent of the cost of a first sync', 1, 1),
    measure('unchanged', 'exponent of the cost of an unchanged sync', 0.7, 0.62),
  ];
}

function dollars(one: Cost): string {
  const parts = Object.entries(one)
    .filter(([, price]) => price / totalOf(one) >= 0.01)
    .map(([name, price]) => `${name} ${Math.round((price / totalOf(one)) * 100)} %`);
  return `$${totalOf(one).toPrecision(3)} (${parts.join(', ')})`;
}
