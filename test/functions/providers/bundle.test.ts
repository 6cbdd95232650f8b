import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** What a bundle made as the stack makes it carries of which SDK client, in bytes. */
async function clientsIn(entry: string): Promise<readonly string[]> {
  const root = resolve(import.meta.dirname, '../../..');
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
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(used.flatMap((path) => /@aws-sdk\/(client-[a-z0-9-]+)/.exec(path)?.[1] ?? []))].sort();
}

test('a function that needs facts of collectors only carries none of their SDKs', async () => {
  expect(await clientsIn('functions/http/list-resources.ts')).toEqual(['client-dynamodb', 'client-secrets-manager']);
  expect(await clientsIn('functions/sync/fail-task.ts')).toEqual([
    'client-dynamodb',
    'client-eventbridge',
    'client-sqs',
  ]);
});

test('connect carries what proves a key, not what collects', async () => {
  expect(await clientsIn('functions/providers/aws/connect.lambda.ts')).toEqual([
    'client-cloudwatch-logs',
    'client-dynamodb',
    'client-secrets-manager',
    'client-sqs',
    'client-sts',
  ]);
});
