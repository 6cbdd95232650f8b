import { type Case, skewedAws, withSample } from './cases.ts';
import { otherClouds } from './clouds/registered.ts';
import { boundOf, leastOf } from './m1-bound.ts';
import { depthFirst, type Makespan, messagePerCell, ours } from './m1-schedules.ts';
import type { Bench, Measure } from './measure.ts';

const CONDITIONS = { callMs: 100, share: 0.5 } as const;
/** Of an account of one of the other clouds. */
const RESOURCES = 20_000;

/** How long a sync takes next to what no schedule can do better than; naive schedules beside it. */
export const makespan: Bench = {
  id: 'M1',
  title: 'makespan of a sync next to its lower bound',
  quick: true,
  async run(progress) {
    const measures = [await measured(skewedAws(CONDITIONS), progress, [messages, depth])];
    // Their rate is so low, and they are so many, that behind them everything else has time.
    measures.push(await measured(skewedAws(CONDITIONS, ['log_group']), progress));
    for (const cloud of otherClouds)
      measures.push(await withSample(cloud, RESOURCES, CONDITIONS, (of) => measured(of, progress)));
    return measures;
  },
};

interface Naive {
  readonly what: string;
  run(of: Case): Promise<Makespan>;
}
const messages: Naive = { what: 'one message per cell', run: messagePerCell };
const depth: Naive = { what: 'depth first, a region a message,', run: depthFirst };

async function measured(of: Case, progress: (line: string) => void, besides: readonly Naive[] = []): Promise<Measure> {
  const bound = boundOf(of);
  const least = leastOf(bound);
  const { first, later } = await ours(of);
  const ratio = ({ milliseconds }: Makespan): string => (milliseconds / least).toFixed(2);
  const parts = [
    `${seconds(least)} is the bound (page chain ${seconds(bound.chain)}, calls ÷ lanes ${seconds(bound.lanes)}, buckets at a share of ${of.share} ${seconds(bound.buckets)})`,
    `ours ${describe(later)} = ${ratio(later)}, as a first sync ${ratio(first)}`,
  ];
  for (const { what, run } of besides) {
    const span = await run(of);
    parts.push(`${what} ${describe(span)} = ${ratio(span)}`);
  }
  const line = parts.join('; ');
  progress(`${of.name}: ${line}`);
  return {
    id: 'M1',
    name: `makespan ÷ lower bound, ${of.name}`,
    value: Math.max(first.milliseconds, later.milliseconds) / least,
    must: 1.3,
    aim: 1.05,
    note: `${line}; production handlers on a virtual clock from the request to the free provider, ${of.callMs} ms a call to the cloud, 5 ms to the table, warm Lambdas, computing takes no time; buckets as the cloud documents them`,
  };
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
const describe = ({ milliseconds, calls, throttles, tasks }: Makespan): string =>
  `${seconds(milliseconds)} (${calls.toLocaleString('en')} calls in ${tasks} runs, ${throttles} throttled)`;
