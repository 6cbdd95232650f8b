import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PEERS } from '../peers.ts';

const SOURCE = resolve(import.meta.dirname, 'apiserver');
const FILES = ['go.mod', 'go.sum', 'main.go'] as const;

/**
 * Builds a real API server from the released Go modules (four minutes once, 105 MB) and unpacks Debian's etcd. Both
 * are kept in `.peers/`, and nothing is installed elsewhere. @param fail ends the program with the reason.
 */
export function installKubernetes(fail: (reason: string) => never): void {
  if (!existsSync('/usr/bin/etcd')) unpackEtcd(fail);
  buildApiServer(fail);
}

function buildApiServer(fail: (reason: string) => never): void {
  const folder = join(PEERS, 'kubernetes');
  const stamp = join(folder, 'built.txt');
  const wanted = createHash('sha256')
    .update(FILES.map((file) => readFileSync(join(SOURCE, file), 'utf8')).join('\0'))
    .digest('hex');
  const binary = join(folder, 'kube-apiserver');
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const go = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (go.status !== 0) fail('a real Kubernetes API server is built with Go 1.26 or newer, and there is no `go`.');
  console.log(`Building kube-apiserver in ${folder}; this takes some minutes, once`);
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) copyFileSync(join(SOURCE, file), join(folder, file));
  const built = spawnSync('go', ['build', '-mod=readonly', '-ldflags', '-s -w', '-o', binary, '.'], {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-p=2' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (built.status !== 0) fail(`building kube-apiserver ended with ${built.status} (${go.stdout.trim()}).`);
  writeFileSync(stamp, wanted);
}

/** Debian's package, downloaded and unpacked only: it would start a server of its own if it were installed. */
function unpackEtcd(fail: (reason: string) => never): void {
  const folder = join(PEERS, 'etcd');
  if (existsSync(join(folder, 'usr/bin/etcd'))) return;
  mkdirSync(folder, { recursive: true });
  const run = (command: string, ...args: readonly string[]): boolean =>
    spawnSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const download = (): boolean => run('apt-get', 'download', 'etcd-server');
  // The lists of packages may never have been fetched.
  const there = download() || (run('apt-get', 'update') && download());
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (!there || file === undefined || !run('dpkg-deb', '-x', file, folder)) {
    fail('the Kubernetes API server needs etcd: install it (Debian: etcd-server), or let `apt-get download` work.');
  }
}
