import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * A cloud is a folder and a line. Here one is added to a copy of this project, just so, and what holds for every cloud
 * is run over it: the types, the architecture, the contract, and its life over the whole stack next to the others'.
 */
const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const LEFT_OUT = ['node_modules', '.git', '.infraaudit', '.peers', 'cdk.out', 'fifth-cloud', 'fifth-cloud.test.ts'];
let copy: string;

/** Adds one line (and its import) to a registry. */
function register(file: string, entry: RegExp, line: string, theImport: string): void {
  const text = readFileSync(join(copy, file), 'utf8');
  expect(text).toMatch(entry);
  const named = text.replace(entry, (found) => `${found}\n${line}`);
  writeFileSync(join(copy, file), `${theImport}\n${named}`);
}

/** @returns what it printed. @throws where it did not end well, with what it printed. */
async function node(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1' };
  const options = { cwd: copy, env, maxBuffer: 64 * 1024 * 1024 };
  return run(process.execPath, [...args], options).then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-4000) : '';
      throw new Error(`node ${args.join(' ')} failed: ${said}`);
    },
  );
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'infraaudit-fifth-cloud-'));
  cpSync(root, copy, { recursive: true, filter: (source) => !LEFT_OUT.includes(basename(source)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const folder of ['functions', 'lib', 'test']) {
    cpSync(join(import.meta.dirname, 'fifth-cloud', folder), join(copy, folder), { recursive: true });
  }
  register(
    'functions/providers/registered.ts',
    /export const clouds = \{/,
    '  paper: paperFacts,',
    "import { paperFacts } from './paper/facts.ts';",
  );
  register(
    'lib/local/clouds/registered.ts',
    /Promise<SampleCloud>\)\[\] = \[/,
    '  startSamplePaper,',
    "import { startSamplePaper } from './paper/sample-paper.ts';",
  );
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('with it the project compiles', async () => {
  await node('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.');
}, 120_000);

test('what holds for every cloud holds for it', async () => {
  const files = ['test/functions/providers/contract.test.ts', 'test/api/clouds.test.ts', 'test/architecture.test.ts'];
  const report = await node(
    'node_modules/vitest/vitest.mjs',
    'run',
    ...files,
    '-t',
    'paper|architecture|arrows|registr',
  );
  expect(report).toMatch(/Tests {2}\d+ passed/);
  expect(report).not.toMatch(/\d+ failed/);
}, 300_000);
