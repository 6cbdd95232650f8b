import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Imports every bundle that `npm run synth` made, each as Lambda would, and prints what it weighs and takes. */
const folder = 'cdk.out';
const bundles = readdirSync(folder)
  .map((name) => join(folder, name, 'index.mjs'))
  .filter((file) => statSync(file, { throwIfNoEntry: false }) !== undefined);
if (bundles.length === 0) throw new Error('There are no bundles in cdk.out: run npm run synth first.');
for (const file of bundles) {
  const before = performance.now();
  const module: object = await import(pathToFileURL(file).href);
  if (!('handler' in module) || typeof module.handler !== 'function') throw new Error(`${file} exports no handler.`);
  const took = Math.round(performance.now() - before);
  const parts = partsOf(file);
  for (const part of parts) await import(pathToFileURL(part).href);
  const size = [file, ...parts].reduce((n, one) => n + statSync(one).size, 0);
  const more = parts.length > 0 ? ` in ${parts.length + 1} parts` : '';
  console.log(`${file}: ${Math.round(size / 1024)} KB${more}, loaded in ${took} ms`);
}

/** Files beside a handler's that it loads as needed: each must load too. */
function partsOf(file: string): readonly string[] {
  const folder = join(dirname(file), 'parts');
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder).map((name) => join(folder, name));
}
