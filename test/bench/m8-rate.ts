import type { CloudSession } from '../../functions/domain/cloud.ts';
import type { ScanId } from '../../functions/domain/keys.ts';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { services } from '../../lib/local/clouds/aws/services/registered.ts';
import { type BenchCloud, resize } from './clouds/bench-cloud.ts';
import { otherClouds } from './clouds/registered.ts';
import { DirectAws } from './direct-aws.ts';
import { Pipeline } from './m8-pipeline.ts';
import { shares } from './m8-shares.ts';
import type { Bench, Measure } from './measure.ts';

/** Of the sample AWS: its busiest region then holds about 20,000 resources of every type; a fifth where it is to be quick. */
const SIZE = 30;
const QUICK_SIZE = 6;
/** Resources of the other clouds' accounts. */
const RESOURCES = 20_000;
const QUICK_RESOURCES = 4000;
const ROUNDS = 5;
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  everywhere: ['global', 'us-east-1'],
  global: ['global'],
  region: ['us-east-1'],
};

/** Resources that a second of CPU takes from the client's output to the row's bytes. */
export const rate: Bench = {
  id: 'M8',
  title: 'resources per CPU second',
  quick: true,
  async run(progress, { quick }) {
    const aws = new DirectAws(services, { size: quick ? QUICK_SIZE : SIZE }, true);
    const measures = [await measured('aws', aws, progress)];
    for (const cloud of otherClouds) measures.push(await ofOther(cloud, quick ? QUICK_RESOURCES : RESOURCES, progress));
    return measures;
  },
};

async function ofOther(cloud: BenchCloud, resources: number, progress: (line: string) => void): Promise<Measure> {
  const sample = await cloud.start();
  try {
    resize(sample, resources);
    const session = await cloud.openKept(sample);
    try {
      return await measured(cloud.name, session, progress);
    } finally {
      session.close();
    }
  } finally {
    await sample.close();
  }
}

async function measured(cloud: string, session: CloudSession, progress: (line: string) => void): Promise<Measure> {
  const scans: readonly ScanId[] = collectorsOf(cloud).flatMap(({ name, scope }) =>
    (SCOPES[scope] ?? [scope]).map((one) => ({ collector: name, scope: one })),
  );
  const pipeline = new Pipeline(session);
  // The first round makes the sample's answers and warms the compiler; it does not count.
  const { resources } = await pipeline.first(scans);
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    first.push(await rateOf(() => pipeline.first(scans)));
    again.push(await rateOf(() => pipeline.unchanged(scans)));
  }
  const parts = await shares(session, scans);
  progress(`${cloud}: ${resources} resources; first ${list(first)}; unchanged ${list(again)} a second; ${parts}`);
  return {
    id: 'M8',
    name: `resources per CPU second, first sync, ${cloud}`,
    value: Math.max(...first),
    must: 15_000,
    aim: 25_000,
    higherIsBetter: true,
    note: `${resources.toLocaleString('en')} resources of all types by process.cpuUsage() (collector and compiler threads too), best of ${ROUNDS} rounds: the client's output, zod, mapping, caps, fingerprint, comparison, deflated row; the table is empty and takes no time. Unchanged: ${list([Math.max(...again)])} a second. Share of the CPU: ${parts}`,
  };
}

async function rateOf(run: () => Promise<{ readonly resources: number }>): Promise<number> {
  const before = process.cpuUsage();
  const { resources } = await run();
  const { user, system } = process.cpuUsage(before);
  return resources / ((user + system) / 1e6);
}

const list = (rates: readonly number[]): string => rates.map((one) => Math.round(one).toLocaleString('en')).join(', ');
