import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS } from '../peers.ts';

/** A certified OpenID provider that is not ours, in a folder of its own: our own tests need none. */
const PACKAGE = 'oidc-provider@9.13.3';
export const OIDC = join(PEERS, 'oidc');

/** @param fail ends the installation, saying why. */
export function installAzure(fail: (reason: string) => never): void {
  const stamp = join(OIDC, 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === PACKAGE) return;
  console.log(`Installing ${PACKAGE} into ${OIDC}`);
  mkdirSync(OIDC, { recursive: true });
  writeFileSync(join(OIDC, 'package.json'), '{"private":true,"type":"module"}\n');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', '--prefix', OIDC, PACKAGE];
  const { status, error } = spawnSync('npm', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) fail(`npm could not be run: ${error.message}`);
  if (status !== 0) fail(`npm ${args.join(' ')} ended with ${status}.`);
  writeFileSync(stamp, PACKAGE);
}
