import { parseArgs } from 'node:util';
import { describeFailure, runFixed } from './fixed.ts';
import { runSeed } from './seeds.ts';

// `npm run simulate`: the fixed set; `-- --seeds N [--from M]`: so many stories; `-- --seed N`: one of them again, with
// its trace; `-- --large N`: one scan of N resources over several Lambdas, twice; `-- --mutants [--only name]`: what the
// fixed set is worth.

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    lines: { type: 'string', default: '120' },
    large: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function many(count: number, from: number): Promise<number> {
  const began = performance.now();
  const failed: number[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const failure = await runSeed(seed);
    if (failure !== undefined) {
      failed.push(seed);
      process.stdout.write(`seed ${seed}: ${failure.violations[0]}\n`);
    }
    const done = seed - from + 1;
    if (done % 100 === 0)
      say(`${done} of ${count} seeds, ${failed.length} failed, ${Math.round((performance.now() - began) / 1000)} s`);
  }
  process.stdout.write(failed.length === 0 ? `${count} seeds held.\n` : `Failed: --seed ${failed.join(', --seed ')}\n`);
  return failed.length;
}

async function one(seed: number): Promise<number> {
  const failure = await runSeed(seed);
  if (failure === undefined) process.stdout.write(`seed ${seed} holds.\n`);
  else process.stdout.write(`${describeFailure(failure, Number(values.lines))}\n`);
  return failure === undefined ? 0 : 1;
}

async function wholeSet(): Promise<number> {
  const failure = await runFixed(undefined, say);
  process.stdout.write(failure === undefined ? 'Everything held.\n' : `${describeFailure(failure)}\n`);
  return failure === undefined ? 0 : 1;
}

/** Milliseconds a page: a thousand of them are a few Lambdas. */
const LARGE_PAGE = [200, 450] as const;

async function large(resources: number): Promise<number> {
  const { largeScan } = await import('./large-scan.ts');
  const { first, unchanged } = await largeScan(resources, LARGE_PAGE);
  console.table({ first, unchanged });
  return 0;
}

async function main(): Promise<number> {
  if (values.mutants) return (await import('./run-mutants.ts')).runMutants(values.only);
  if (values.large !== undefined) return large(Number(values.large));
  if (values.seed !== undefined) return one(Number(values.seed));
  if (values.seeds !== undefined) return many(Number(values.seeds), Number(values.from));
  return wholeSet();
}

process.exitCode = (await main()) > 0 ? 1 : 0;
