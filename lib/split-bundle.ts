import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { partsOptions } from './bundling.ts';

// `node lib/split-bundle.ts ENTRY FOLDER`: makes a function's bundle anew, in parts. What is imported as needed becomes a
// file of its own, and of a package that several of them share only what one of them uses is kept; in a single file
// esbuild keeps all of it. CDK itself can make single files only, so it calls this afterwards.

const [entry = '', folder = ''] = process.argv.slice(2);
rmSync(`${folder}/index.mjs`, { force: true });
await build({ ...partsOptions(entry), outdir: folder });
