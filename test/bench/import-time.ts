import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Node's own start is not in it; plain JavaScript, so that no type has to be stripped in there. */
const PROGRAM = `
const from = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - from));
// A handle that the module opened must not keep the process.
process.exit(0);
`;

/** Milliseconds that a fresh process takes to import a module, and nothing else. @throws what importing it throws. */
export async function importTime(file: string): Promise<number> {
  const args = ['--input-type=module', '--eval', PROGRAM, pathToFileURL(file).href];
  // Nothing of ours: a module must be loadable before any setting is there, and a compile cache would be Lambda's not.
  const { stdout } = await run(process.execPath, args, { env: { AWS_REGION: 'us-east-1' } });
  const milliseconds = Number(stdout);
  if (!Number.isFinite(milliseconds) || stdout === '') throw new Error(`${file} printed ${stdout} at its import.`);
  return milliseconds;
}
