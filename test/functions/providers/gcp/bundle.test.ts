import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { BUNDLING } from '../../../../lib/bundling.ts';

/** The packages, and the files of this cloud's folder, that a bundle made as the stack makes it carries code of. */
async function within(
  entry: string,
): Promise<{ readonly packages: readonly string[]; readonly files: readonly string[] }> {
  const root = resolve(import.meta.dirname, '../../../..');
  const { metafile } = await build({
    entryPoints: [resolve(root, entry)],
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    outdir: 'out',
    format: 'esm',
    platform: 'node',
    target: BUNDLING.target,
    mainFields: [...BUNDLING.mainFields],
    alias: BUNDLING.alias,
    logLevel: 'silent',
  });
  // What is loaded at once: the entry's own file and what that imports, not what it loads as needed.
  const atOnce = new Set<string>();
  const take = (name: string): void => {
    if (atOnce.has(name)) return;
    atOnce.add(name);
    for (const one of metafile.outputs[name]?.imports ?? []) if (one.kind === 'import-statement') take(one.path);
  };
  for (const [name, output] of Object.entries(metafile.outputs)) if (output.entryPoint === entry) take(name);
  const used = [...atOnce].flatMap((name) =>
    Object.entries(metafile.outputs[name]?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const paths = used.map(([path]) => path);
  const google = /node_modules\/(google-auth-library|gaxios|@google-cloud\/bigquery|teeny-request)\//;
  return {
    packages: [...new Set(paths.flatMap((path) => google.exec(path)?.[1] ?? []))].sort(),
    files: paths.flatMap((path) => /functions\/providers\/gcp\/(.*)\.ts$/.exec(path)?.[1] ?? []).sort(),
  };
}

test('who needs facts alone carries neither a library of Google’s nor what calls', async () => {
  const { packages, files } = await within('functions/http/list-resources.ts');
  expect(packages).toEqual([]);
  expect(files).toEqual(['collectors/cloud-asset-inventory', 'collectors/registered', 'facts', 'types']);
});

test('connect carries what proves a key, and no collector', async () => {
  const { packages, files } = await within('functions/providers/gcp/connect.lambda.ts');
  expect(packages).toEqual(['gaxios', 'google-auth-library']);
  expect(files.filter((file) => /mappings|lists|fallback|bigquery|costs|session/.test(file))).toEqual([]);
});

test('collect loads BigQuery only when it reads costs', async () => {
  const { packages, files } = await within('functions/providers/gcp/collect.lambda.ts');
  expect(packages).toEqual(['gaxios', 'google-auth-library']);
  expect(files).toContain('mappings/registered');
  expect(files).not.toContain('costs');
});
