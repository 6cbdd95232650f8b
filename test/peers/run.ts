import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installPeers } from './install.ts';

// `npm run test:peers`, or `npm run test:peers -- --fast moto`: installs what is missing, then runs all peer tests or
// those of these names. `--fast` leaves out the API server of Kubernetes, whose building takes minutes.

const SLOW = ['kubernetes', 'kubernetes-oldest'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fast: { type: 'boolean', default: false } },
});
const wanted = (name: string): boolean => positionals.length === 0 || positionals.some((one) => name.includes(one));
installPeers(!values.fast && wanted('kubernetes'));

const root = resolve(import.meta.dirname, '../..');
const leftOut = values.fast ? SLOW.flatMap((name) => ['--exclude', `test/peers/${name}.peer.ts`]) : [];
const args = ['run', '--config', 'test/peers/vitest.config.ts', ...leftOut, ...positionals];
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
