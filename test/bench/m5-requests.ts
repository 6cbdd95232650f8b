import { join } from 'node:path';
import * as z from 'zod';
import { bundleEntry } from './bundle.ts';
import { type BareEvent, startRecorder } from './m5-calls.ts';
import { type Amount, CASES, type Case, eventOf } from './m5-cases.ts';
import { REF, RESOURCES } from './m5-fixture.ts';
import { HandlerProcess } from './m5-process.ts';
import { startWorld, type World } from './m5-world.ts';
import { type Bench, type Measure, percentile } from './measure.ts';

const LIMITS = { id: 'M5', must: 1.5, aim: 1.25 } as const;

/** Microseconds of CPU of each request, and how often a request calls the table. */
interface Samples {
  readonly ours: number[];
  readonly bare: number[];
  /** The first request of each process, with all that it compiles and connects. */
  readonly first: { readonly ours: number[]; readonly bare: number[] };
  readonly calls: number;
}

/** What CPU a request takes, next to the same calls to the table by the same client with nothing around them. */
export const requests: Bench = {
  id: 'M5',
  title: 'CPU of a request next to the same SDK calls bare',
  quick: true,
  async run(progress, { quick }) {
    const world = await startWorld();
    try {
      const measures: Measure[] = [];
      for (const one of CASES) {
        const samples = await sample(world, one, quick ? one.quickAmount : one.amount);
        progress(`${one.name}: ${figures(samples)}`);
        measures.push(measureOf(world, one, 0.5, samples), measureOf(world, one, 0.99, samples));
      }
      return measures;
    } finally {
      await world.close();
    }
  },
};

interface Program {
  /** Its bundle. */
  readonly module: string;
  readonly event: unknown;
}

async function sample(world: World, one: Case, amount: Amount): Promise<Samples> {
  const ours = { module: join(world.directory, `${one.file}.mjs`), event: eventOf(one, world.tokens[one.algorithm]) };
  await bundleEntry(`functions/http/${one.file}.ts`, ours.module);
  const bare = { module: join(world.directory, 'bare.mjs'), event: await recorded(world, one, ours) };
  await bundleEntry('test/bench/m5-bare.ts', bare.module);
  const samples = { ours: [], bare: [], first: { ours: [], bare: [] }, calls: bare.event.calls.length };
  for (let pair = 0; pair < amount.pairs; pair += 1) await samplePair(world, one, { ours, bare }, amount, samples);
  return samples;
}

async function samplePair(
  world: World,
  one: Case,
  programs: { readonly ours: Program; readonly bare: Program },
  { warmUp, batches, batch }: Amount,
  into: Samples,
): Promise<void> {
  const environment = world.environment(one.file, one.algorithm);
  const start = ({ module, event }: Program) => HandlerProcess.start(module, event, environment);
  const [ours, bare] = await Promise.all([start(programs.ours), start(programs.bare)]);
  try {
    // In turn, never at once: what the machine does meanwhile hits both alike.
    const both = async (requests: number, to: { readonly ours: number[]; readonly bare: number[] }): Promise<void> => {
      to.ours.push(...(await ours.batch(requests)).cpu);
      to.bare.push(...(await bare.batch(requests)).cpu);
    };
    await both(1, into.first);
    await both(warmUp, { ours: [], bare: [] });
    for (let n = 0; n < batches; n += 1) await both(batch, into);
  } finally {
    await Promise.all([ours.close(), bare.close()]);
  }
}

const answerSchema = z.union([
  z.array(z.object({ external_id: z.string() })).length(RESOURCES),
  z.object({ id: z.literal(REF.id) }),
]);

/** What the handler asks the table for one request. @throws Error when it does not answer as it should. */
async function recorded(world: World, one: Case, { module, event }: Program): Promise<BareEvent> {
  const recorder = await startRecorder(world.tableUrl);
  const environment = world.environment(one.file, one.algorithm, recorder.url);
  const process = await HandlerProcess.start(module, event, environment);
  try {
    const { answer } = await process.batch(1);
    const isRight = answer.statusCode === 200 && answerSchema.safeParse(JSON.parse(answer.body)).success;
    if (!isRight) throw new Error(`${one.name} answered ${answer.statusCode}: ${answer.body.slice(0, 200)}`);
    return { calls: recorder.take(), shown: one.shown(world) };
  } finally {
    await process.close();
    await recorder.close();
  }
}

const ratio = ({ ours, bare }: Samples, share: number): number => percentile(ours, share) / percentile(bare, share);
const mean = (samples: readonly number[]): number => samples.reduce((total, one) => total + one, 0) / samples.length;
const us = (microseconds: number): string => `${Math.round(microseconds).toLocaleString('en')} µs`;

function figures(samples: Samples): string {
  const { ours, bare, first } = samples;
  const of = (name: string, figure: (all: readonly number[]) => number, all: Pick<Samples, 'ours' | 'bare'>): string =>
    `${name} ${us(figure(all.ours))} / ${us(figure(all.bare))} = ${(figure(all.ours) / figure(all.bare)).toFixed(2)}`;
  return [
    of('p50', (all) => percentile(all, 0.5), { ours, bare }),
    of('p99', (all) => percentile(all, 0.99), { ours, bare }),
    of('mean', mean, { ours, bare }),
    of('first request', (all) => percentile(all, 0.5), first),
  ].join(', ');
}

function measureOf(world: World, { name }: Case, share: number, samples: Samples): Measure {
  const quantile = `p${share * 100}`;
  const how = `${quantile} of ours ÷ ${quantile} of bare, each of ${samples.ours.length} warm requests by process.cpuUsage() (collector and compiler threads too), in processes of their own, in turn by batches; the table is in another`;
  const what = `${samples.calls} calls of the table, ledger of ${world.fixture.scans} rows`;
  const measure = { ...LIMITS, name: `CPU of a request ÷ the same SDK calls bare, ${name}, ${quantile}` };
  return { ...measure, value: ratio(samples, share), note: `${figures(samples)}; ${what}; ${how}` };
}
