import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');

/** The files that a bundle made as the stack makes it holds anything of. */
async function filesIn(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [resolve(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    outfile: 'out.mjs',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}
const ofAzure = (files: readonly string[]): string[] => files.filter((file) => file.includes('node_modules/@azure/'));

test("functions that need Azure's facts alone carry neither its SDK nor its mappings, and no other cloud's do", async () => {
  for (const entry of ['functions/http/list-resources.ts', 'functions/providers/aws/connect.lambda.ts']) {
    const files = await filesIn(entry);
    expect(ofAzure(files), entry).toEqual([]);
    expect(
      files.filter((file) => /providers\/azure\/(types\/(?!names)|clients|tokens|transport|costs)/.test(file)),
    ).toEqual([]);
  }
});

test('connect carries what gets a token, not what collects; collect carries both', async () => {
  const mappings = /providers\/azure\/(types\/(?!names)|costs|effective-permissions)/;
  const connect = await filesIn('functions/providers/azure/connect.lambda.ts');
  expect(ofAzure(connect)).not.toEqual([]);
  expect(connect.filter((file) => mappings.test(file))).toEqual([]);
  const collect = await filesIn('functions/providers/azure/collect.lambda.ts');
  expect(collect.filter((file) => mappings.test(file)).length).toBeGreaterThan(5);
});
