import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

// Entry of a child process: `mutate.ts <number>`, or `none` for the source as it stands. The source of one file is another one here; the rest is as it stands.

const textOf = (source: string | ArrayBuffer | NodeJS.TypedArray): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source);

function answer(what: object): never {
  process.stdout.write(JSON.stringify(what));
  process.exit(0);
}

/** Every import of the mutant's file from here on gives the changed source. */
function takeOut({ file, edits }: Mutant): void {
  const path = join(import.meta.dirname, '../..', file);
  const source = readFileSync(path, 'utf8');
  for (const { find } of edits) {
    const matches = source.split(find).length - 1;
    if (matches !== 1) answer({ unfit: `${file} has ${matches} places that fit ${find}` });
  }
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.startsWith('file:') || fileURLToPath(url) !== path || loaded.source === undefined) return loaded;
      const changed = edits.reduce(
        (text, { find, replace }) => text.replace(find, () => replace),
        textOf(loaded.source),
      );
      return { ...loaded, source: changed };
    },
  });
}

const mutant = mutants[Number(process.argv[2])];
if (mutant !== undefined) takeOut(mutant);
const { runFixed } = await import('./fixed.ts');
const failed = await runFixed(mutant?.first, () => undefined);
const seen = failed === undefined ? {} : { by: failed.scenario, point: failed.point, violation: failed.violations[0] };
answer(seen);
