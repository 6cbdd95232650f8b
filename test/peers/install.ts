import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installAzure } from './azure/install.ts';
import { installKubernetes } from './kubernetes/install.ts';
import { PEERS } from './peers.ts';

/** Each peer has a virtual environment of its own: two of them pin the same library to different versions. */
const environments: Record<string, readonly string[]> = {
  moto: ['moto[server]==5.2.5', 'boto3==1.44.8'],
  ministack: ['ministack==1.5.33'],
  bigquery: ['bqemulator==1.4.0', 'duckdb==1.5.5', 'duckdb-extension-spatial==1.5.5', 'numpy==2.4.6'],
  googleapis: ['google-api-python-client==2.202.0'],
};

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) fail(`${command} could not be run: ${error.message}`);
  if (status !== 0) fail(`${command} ${args.join(' ')} ended with ${status}.`);
}

function fail(reason: string): never {
  console.error(`The peer tests cannot run: ${reason}`);
  process.exit(1);
}

/**
 * Installs what the peer tests need into `.peers/`, once. Ends the process, and says why, where something is missing;
 * nothing is skipped. @param kubernetes whether the API server is wanted too: building it takes minutes.
 */
export function installPeers(kubernetes: boolean): void {
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-m', 'venv', '--help']).status === 0);
  if (python === undefined) fail('they need Python 3 with its venv module.');
  for (const [name, packages] of Object.entries(environments)) {
    const folder = join(PEERS, name);
    const stamp = join(folder, 'installed.txt');
    const wanted = packages.join('\n');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    console.log(`Installing ${packages.join(', ')} into ${folder}`);
    mkdirSync(PEERS, { recursive: true });
    run(python, ['-m', 'venv', '--clear', folder]);
    run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
    writeFileSync(stamp, wanted);
  }
  installAzure(fail);
  if (kubernetes) installKubernetes(fail);
}
