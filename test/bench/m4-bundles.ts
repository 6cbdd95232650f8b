import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, bundleEntry, bundleParts, bundleSource, heaviest, reexport, sdkImports } from './bundle.ts';
import { type DeployedFunction, deployedFunctions, type Group } from './functions.ts';
import { importTime } from './import-time.ts';
import { type Bench, type Measure, percentile } from './measure.ts';

const ROUNDS = 15;
const QUICK_ROUNDS = 5;
const LIMITS = { id: 'M4', must: 1.3, aim: 1 } as const;
const GROUPS: readonly Group[] = ['api', 'connect', 'plan', 'collect', 'other stages'];
const EMPTY = 'export const handler = async () => ({ statusCode: 204 });';

interface Pair {
  readonly of: DeployedFunction;
  readonly ours: Bundle;
  /** Exactly the SDK names that ours imports, re-exported. */
  readonly bare: Bundle;
}

/** Medians in milliseconds. */
interface Times {
  readonly ours: number;
  readonly bare: number;
  readonly empty: number;
}

type Timed = Pair & { readonly times: Times };

/** What each function weighs and how long it takes to load, next to the bare SDK clients that it imports. */
export const bundles: Bench = {
  id: 'M4',
  title: 'bundle size and import time of each function',
  quick: true,
  async run(progress, { quick }) {
    const folder = mkdtempSync(join(tmpdir(), 'infraaudit-bench-m4-'));
    try {
      const empty = await bundleSource(EMPTY, join(mkdir(folder, 'empty'), 'index.mjs'));
      const timed: Timed[] = [];
      for (const of of deployedFunctions()) {
        const pair = await bundlePair(of, folder);
        const times = await compare(pair, empty, quick ? QUICK_ROUNDS : ROUNDS);
        timed.push({ ...pair, times });
        progress(describe(pair, times));
      }
      return measuresOf(timed, empty);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function mkdir(...parts: readonly string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

async function bundlePair(of: DeployedFunction, folder: string): Promise<Pair> {
  const own = mkdir(folder, of.name);
  const ours = await (of.inParts ? bundleParts(of.entry, own) : bundleEntry(of.entry, join(own, 'index.mjs')));
  const bare = await bundleSource(
    reexport(await sdkImports(of.entry)),
    join(mkdir(folder, `${of.name}-bare`), 'index.mjs'),
  );
  return { of, ours, bare };
}

/** The three in turn, so that whatever else the machine does hits each of them alike. */
async function compare({ ours, bare }: Pair, empty: Bundle, rounds: number): Promise<Times> {
  const samples = { ours: [0], bare: [0], empty: [0] };
  // The first round fills the file cache and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    samples.ours[round] = await importTime(ours.file);
    samples.bare[round] = await importTime(bare.file);
    samples.empty[round] = await importTime(empty.file);
  }
  const median = (all: readonly number[]): number => percentile(all.slice(1), 0.5);
  return { ours: median(samples.ours), bare: median(samples.bare), empty: median(samples.empty) };
}

const kb = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;
const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`;
const sizeRatio = ({ ours, bare }: Pair): number => ours.bytes / bare.bytes;
const timeRatio = ({ times }: Timed): number => times.ours / times.bare;

function describe(pair: Pair, times: Times): string {
  const { of, ours, bare } = pair;
  const size = `${kb(ours.bytes)} / ${kb(bare.bytes)} = ${sizeRatio(pair).toFixed(2)}`;
  const time = `${ms(times.ours)} / ${ms(times.bare)} = ${timeRatio({ ...pair, times }).toFixed(2)}`;
  return `${of.name.padEnd(20)} ${size}, ${time}, empty ${ms(times.empty)}`;
}

function measuresOf(timed: readonly Timed[], empty: Bundle): readonly Measure[] {
  const sized = (name: string, of: readonly Timed[]): Measure => {
    const worst = largest(of, sizeRatio);
    return {
      ...LIMITS,
      name: `bundle size ÷ bare SDK clients, ${name}`,
      value: sizeRatio(worst),
      note: sizes(worst, empty),
    };
  };
  const loaded = (name: string, of: readonly Timed[]): Measure => {
    const worst = largest(of, timeRatio);
    return { ...LIMITS, name: `import time ÷ bare SDK clients, ${name}`, value: timeRatio(worst), note: loads(worst) };
  };
  const groups = GROUPS.map((group) => ({ group, of: timed.filter((one) => one.of.group === group) })).filter(
    ({ of }) => of.length > 0,
  );
  return [
    sized('largest of all', timed),
    ...groups.map(({ group, of }) => sized(group, of)),
    loaded('largest of all', timed),
    ...groups.map(({ group, of }) => loaded(group, of)),
  ];
}

function largest(of: readonly Timed[], ratio: (one: Timed) => number): Timed {
  const [worst] = [...of].sort((a, b) => ratio(b) - ratio(a));
  if (worst === undefined) throw new RangeError('There are no functions.');
  return worst;
}

function sizes({ of, ours, bare }: Timed, empty: Bundle): string {
  const top = (list: readonly (readonly [string, number])[]): string =>
    list
      .slice(0, 5)
      .map(([name, bytes]) => `${name} ${kb(bytes)}`)
      .join(', ');
  return [
    `${of.name}: ${kb(ours.bytes)} against ${kb(bare.bytes)} of bare clients`,
    `${Math.round(ours.bytes / empty.bytes).toLocaleString('en')} times an empty handler (${empty.bytes} bytes)`,
    `heaviest: ${top(heaviest(ours))}`,
    `most beyond the bare clients: ${top(heaviest(ours, bare))}`,
  ].join('; ');
}

function loads({ of, times }: Timed): string {
  const empty = `${(times.ours / times.empty).toFixed(1)} times an empty handler (${ms(times.empty)}; bare ${(times.bare / times.empty).toFixed(1)})`;
  return `${of.name}: ${ms(times.ours)} against ${ms(times.bare)}, ${empty}; medians of fresh processes`;
}
