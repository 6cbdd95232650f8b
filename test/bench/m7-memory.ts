import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { bundleEntry } from './bundle.ts';
import type { Bench, Measure } from './measure.ts';

const run = promisify(execFile);
const SMALL = 1000;
const LARGE = 1_000_000;
const QUICK_LARGE = 100_000;
/**
 * Megabytes of V8's old space: the process ends where a task needs more. Its young space is small too, else both
 * processes keep garbage that nobody needs, the larger one more of it, and the figure says that instead.
 */
const HEAP_MB = 160;
const YOUNG_MB = 1;
const CAPS = [`--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`];
const ROUNDS = 3;

/** What a child says: megabytes at their peaks, and what it did. */
export const peakSchema = z.object({
  rssMb: z.number(),
  heapMb: z.number(),
  resources: z.number(),
  links: z.number(),
  invocations: z.number(),
});
type Peak = z.infer<typeof peakSchema>;

/** Memory of the collect task of one very large scan, next to the same with a small one. */
export const memory: Bench = {
  id: 'M7',
  title: 'memory of a collect task',
  quick: false,
  async run(progress, { quick }) {
    const folder = mkdtempSync(join(tmpdir(), 'infraaudit-bench-m7-'));
    try {
      // As it is deployed: from source, stripping the types would be the largest part of the smaller figure.
      const { file } = await bundleEntry('test/bench/m7-child.ts', join(folder, 'child.mjs'));
      const small = await peaksOf(file, folder, SMALL, quick ? 1 : ROUNDS);
      const large = await peaksOf(file, folder, quick ? QUICK_LARGE : LARGE, 1);
      return SYNCS.map((what) => {
        progress(`${what}: ${describe(small[what])}; ${describe(large[what])}`);
        return measureOf(what, small[what], large[what]);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Each in a process of its own, on the table that the process before it has left. */
const SYNCS = ['first', 'unchanged'] as const;
type Peaks = Readonly<Record<(typeof SYNCS)[number], Peak>>;

/** The median of some processes: how often the collector has run by the end differs from one to the next. */
async function peaksOf(program: string, folder: string, resources: number, rounds: number): Promise<Peaks> {
  const peaks: { readonly first: Peak[]; readonly unchanged: Peak[] } = { first: [], unchanged: [] };
  for (let round = 0; round < rounds; round += 1) {
    const table = mkdtempSync(join(folder, 'table-'));
    for (const what of SYNCS) {
      const args = ['--disable-warning=ExperimentalWarning', ...CAPS];
      const { stdout } = await run(process.execPath, [...args, program, what, String(resources), table]);
      peaks[what].push(peakSchema.parse(JSON.parse(stdout)));
    }
    rmSync(table, { recursive: true, force: true });
  }
  return { first: middleOf(peaks.first), unchanged: middleOf(peaks.unchanged) };
}

function middleOf(peaks: readonly Peak[]): Peak {
  const [middle] = [...peaks].sort((a, b) => a.rssMb - b.rssMb).slice(Math.floor(peaks.length / 2));
  if (middle === undefined) throw new RangeError('There was no round.');
  return middle;
}

const describe = ({ resources, rssMb, heapMb, links }: Peak): string =>
  `${resources.toLocaleString('en')} resources: ${rssMb.toFixed(0)} MB resident, ${heapMb.toFixed(0)} MB heap and buffers, ${links} links`;

function measureOf(what: string, small: Peak, large: Peak): Measure {
  return {
    id: 'M7',
    name: `memory of a collect task, ${what} sync, at ${large.resources.toLocaleString('en')} ÷ at ${small.resources.toLocaleString('en')}`,
    value: large.rssMb / small.rssMb,
    must: 1.3,
    aim: 1.15,
    note: `peak of the resident set of a process with an old space of ${HEAP_MB} MB and a young one of ${YOUNG_MB}, Node and the SDK in it; one scan, 1,000 resources a page, made as they are asked for; the table keeps what is read back only, fingerprints in files; ${describe(small)}; ${describe(large)}`,
  };
}
