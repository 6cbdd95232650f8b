import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import { mutants } from './mutants.ts';

/** Children at work at a time: they are all computing. */
const AT_A_TIME = 2;
const answer = z.object({
  unfit: z.string().optional(),
  by: z.string().optional(),
  point: z.string().optional(),
  violation: z.string().optional(),
});

function run(number: string): Promise<{ readonly text: string; readonly errors: string }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'mutate.ts'), number],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [text, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  return new Promise((resolve) => child.on('close', () => resolve({ text, errors })));
}

/** Prints a table of all. @returns how many survived. */
export async function runMutants(wanted: string): Promise<number> {
  const queue = [...mutants.entries()].filter(([, { name }]) => name.includes(wanted));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const whole = await run('none');
  if (whole.text !== '{}') {
    say(`Without a mutant the fixed set must hold, and it does not: ${whole.text}${whole.errors.slice(-400)}`);
    return 1;
  }
  let survivors = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [number, { name }] = next;
      const began = performance.now();
      const { text, errors } = await run(String(number));
      const { unfit, by, point, violation } =
        text === '' ? { unfit: errors.slice(-400) } : answer.parse(JSON.parse(text));
      if (unfit !== undefined || by === undefined) survivors += 1;
      const caught = by === undefined ? 'SURVIVED' : `${by} (${point}): ${violation}`;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(`| ${name} | ${unfit === undefined ? caught : `DOES NOT FIT: ${unfit}`} | ${seconds} s |`);
    }
  };
  say('| rule taken out | caught by | time |\n|---|---|---|');
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  say(survivors === 0 ? 'All were caught.' : `${survivors} were not caught.`);
  return survivors;
}
