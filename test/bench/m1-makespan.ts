import { collectorsOf } from '../../functions/providers/registered.ts';
import { ENABLED_REGIONS } from '../../lib/local/clouds/aws/accounts.ts';
import { boundOf, leastOf } from './m1-bound.ts';
import { type Case, depthFirst, type Makespan, messagePerCell, ours } from './m1-schedules.ts';
import type { Bench, Measure } from './measure.ts';
import { plannedFacts } from './rig/skewed-account.ts';

const CALL_MS = 100;
const SHARE = 0.5;

/** How long a sync takes next to what no schedule can do better than; naive schedules beside it. */
export const makespan: Bench = {
  id: 'M1',
  title: 'makespan of a sync next to its lower bound',
  quick: true,
  async run(progress) {
    const measures: Measure[] = [];
    const registered = collectorsOf('aws');
    for (const [name, collectors] of [
      [`the ${registered.length} registered types`, registered],
      [`the ${plannedFacts.length} planned types`, plannedFacts],
    ] as const) {
      const of: Case = { collectors, regions: ENABLED_REGIONS, callMs: CALL_MS, share: SHARE };
      measures.push(await measured(name, of, progress));
    }
    return measures;
  },
};

async function measured(name: string, of: Case, progress: (line: string) => void): Promise<Measure> {
  const bound = boundOf(of.collectors, of.regions, of);
  const least = leastOf(bound);
  const { first, later } = await ours(of);
  const perCell = await messagePerCell(of);
  const depth = await depthFirst(of);
  const ratio = ({ milliseconds }: Makespan): string => (milliseconds / least).toFixed(2);
  const line = [
    `${(least / 1000).toFixed(1)} s is the bound (page chain ${seconds(bound.chain)}, calls ÷ lanes ${seconds(bound.lanes)}, buckets at a share of ${SHARE} ${seconds(bound.buckets)})`,
    `ours ${describe(later)} = ${ratio(later)}, as a first sync ${ratio(first)}`,
    `one message per cell ${describe(perCell)} = ${ratio(perCell)}`,
    `depth first, a region a message, ${describe(depth)} = ${ratio(depth)}`,
  ].join('; ');
  progress(`${name}: ${line}`);
  return {
    id: 'M1',
    name: `makespan ÷ lower bound, ${name} in ${of.regions.length} regions`,
    value: Math.max(first.milliseconds, later.milliseconds) / least,
    must: 1.3,
    aim: 1.05,
    note: `${line}; production handlers on a virtual clock from the request to the free provider, ${CALL_MS} ms a call to the cloud, 5 ms to the table, warm Lambdas, computing takes no time; a large account of skewed size; buckets as AWS documents them`,
  };
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
const describe = ({ milliseconds, calls, throttles, tasks }: Makespan): string =>
  `${seconds(milliseconds)} (${calls.toLocaleString('en')} calls in ${tasks} runs, ${throttles} throttled)`;
