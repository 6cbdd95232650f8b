import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { partsOptions } from '../../../../lib/bundling.ts';

const root = resolve(import.meta.dirname, '../../../..');

/** What a bundle made as the stack makes it carries: packages by name, files of this cloud by theirs. */
async function carriedBy(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...partsOptions(resolve(root, entry)),
    absWorkingDir: root,
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)|providers\/kubernetes\/(.+)\.ts$/;
  return [...new Set(used.flatMap((path) => name.exec(path)?.slice(1) ?? []))].filter((one) => one !== undefined);
}

test('connect carries what reads a kubeconfig and no mapping; collect the mappings and nothing that reads one', async () => {
  const connect = await carriedBy('functions/providers/kubernetes/connect.lambda.ts');
  expect(connect).toEqual(expect.arrayContaining(['@kubernetes/client-node', 'yaml', 'kubeconfig', 'guard']));
  for (const one of ['session', 'pod-spec', 'collectors/load']) expect(connect).not.toContain(one);
  const collect = await carriedBy('functions/providers/kubernetes/collect.lambda.ts');
  expect(collect).toEqual(expect.arrayContaining(['@kubernetes/client-node', 'guard', 'pod-spec', 'collectors/load']));
  for (const one of ['yaml', 'kubeconfig', 'prove', 'server']) expect(collect).not.toContain(one);
}, 30_000);

test('a function that needs the facts alone carries neither client nor mapping', async () => {
  const list = await carriedBy('functions/http/list-resources.ts');
  for (const one of ['@kubernetes/client-node', 'undici', 'yaml', 'clients', 'guard', 'pod-spec']) {
    expect(list).not.toContain(one);
  }
}, 30_000);
