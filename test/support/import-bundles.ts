import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
  const size = Math.round(statSync(file).size / 1024);
  console.log(`${file}: ${size} KB, loaded in ${Math.round(performance.now() - before)} ms`);
}
