import { collectorsOf } from '../../functions/providers/registered.ts';
import { services } from '../../lib/local/clouds/aws/services/registered.ts';
import { DirectAws } from './direct-aws.ts';
import { Pipeline } from './m8-pipeline.ts';
import { shares } from './m8-shares.ts';
import type { Bench, Measure } from './measure.ts';

/** Of the sample's busiest region, about 20,000 resources of every type; a hundredth of it where it is to be quick. */
const SIZE = 110;
const QUICK_SIZE = 22;
const ROUNDS = 5;
const SCOPES: Readonly<Record<string, string>> = { region: 'us-east-1', global: 'global' };

/** Resources that a second of CPU takes from the SDK's output to the row's bytes. */
export const rate: Bench = {
  id: 'M8',
  title: 'resources per CPU second',
  quick: true,
  async run(progress, { quick }) {
    const aws = new DirectAws(services, { size: quick ? QUICK_SIZE : SIZE }, true);
    const scans = collectorsOf('aws').map(({ name, scope }) => ({ collector: name, scope: SCOPES[scope] ?? scope }));
    const pipeline = new Pipeline(aws);
    // The first round makes the sample's answers and warms the compiler; it does not count.
    const { resources } = await pipeline.first(scans);
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      first.push(await rateOf(() => pipeline.first(scans)));
      again.push(await rateOf(() => pipeline.unchanged(scans)));
    }
    const parts = await shares(aws, scans);
    progress(`${resources} resources; first ${list(first)}; unchanged ${list(again)} a second; ${parts}`);
    return [measureOf(Math.max(...first), Math.max(...again), resources, parts)];
  },
};

async function rateOf(run: () => Promise<{ readonly resources: number }>): Promise<number> {
  const before = process.cpuUsage();
  const { resources } = await run();
  const { user, system } = process.cpuUsage(before);
  return resources / ((user + system) / 1e6);
}

const list = (rates: readonly number[]): string => rates.map((one) => Math.round(one).toLocaleString('en')).join(', ');

function measureOf(first: number, again: number, resources: number, parts: string): Measure {
  return {
    id: 'M8',
    name: 'resources per CPU second, first sync',
    value: first,
    must: 15_000,
    aim: 25_000,
    higherIsBetter: true,
    note: `${resources.toLocaleString('en')} resources of all types by process.cpuUsage() (collector and compiler threads too), best of ${ROUNDS} rounds: SDK output, zod, mapping, caps, fingerprint, comparison, deflated row; the table is empty and takes no time. Unchanged: ${list([again])} a second. Share of the CPU: ${parts}`,
  };
}
