import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Bench, type Measure, met } from './measure.ts';
import { benches } from './registered.ts';
import { tableOf } from './table.ts';

// `npm run bench`, or `npm run bench -- M4 M5 --quick --json FILE`: takes the measures and prints them, progress to
// stderr. It ends with 1 where a must is missed or a bench could not measure.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});

const wanted = new Set(positionals.map((id) => id.toUpperCase()));
const unknown = [...wanted].filter((id) => !benches.some((bench) => bench.id === id));
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}. There are ${benches.map(({ id }) => id).join(', ')}.`);
  process.exit(1);
}
// Whoever names a bench means it, also where a look at all of them leaves it out.
const chosen = benches.filter(({ id, quick }) => (wanted.size === 0 ? quick || !values.quick : wanted.has(id)));

interface Run {
  readonly bench: Bench;
  readonly measures: readonly Measure[];
  /** Why it could not measure. */
  readonly failure?: string;
}

async function run(bench: Bench): Promise<Run> {
  console.error(`${bench.id}: ${bench.title}`);
  try {
    const measures = await bench.run((line) => console.error(`  ${line}`), { quick: values.quick });
    return { bench, measures };
  } catch (error) {
    console.error(error);
    return { bench, measures: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

const runs: Run[] = [];
// One after another: two benches at a time would measure each other.
for (const bench of chosen) runs.push(await run(bench));

const measures = runs.flatMap((one) => one.measures);
const failed = runs.filter(({ failure }) => failure !== undefined);
if (values.json !== undefined) {
  const rows = measures.map((measure) => {
    const { id, name, value, must, aim, note } = measure;
    return { id, name, value, must, aim, met: met(measure), note };
  });
  writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
}
console.log(tableOf(measures));
for (const { bench, failure } of failed) console.log(`${bench.id} failed: ${failure?.split('\n')[0]}`);
// Not process.exit(): what was printed into a pipe must get through.
if (failed.length > 0 || measures.some((measure) => met(measure) === 'no')) process.exitCode = 1;
