import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Where peers are installed and keep what they write; git ignores it. */
export const PEERS = resolve(import.meta.dirname, '../../.peers');

const run = promisify(execFile);

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

/** A server that is not ours, running until it is stopped. */
export interface Peer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server and waits until it answers. @throws when it ends before, or not within a minute. */
export async function startPeer(
  command: string,
  args: readonly string[],
  options: {
    url: string;
    health: string;
    env?: Record<string, string>;
    cwd?: string;
    log: string;
    /** How it is asked, where a plain GET does not do (an authority of its own). */
    answers?: (url: string) => Promise<boolean>;
  },
): Promise<Peer> {
  const log = openSync(join(PEERS, options.log), 'w');
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}; see ${options.log}`);
    const health = `${options.url}${options.health}`;
    const answers = options.answers ?? (async (url) => (await fetch(url)).ok);
    if (await answers(health).catch(() => false)) return { url: options.url, stop: () => stop(child, ended) };
    await sleep(250);
  }
  await stop(child, ended);
  throw new Error(`${command} did not answer within a minute; see ${options.log}`);
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}

export async function startMoto(): Promise<Peer> {
  const port = await freePort();
  return startPeer(join(PEERS, 'moto/bin/moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    url: `http://127.0.0.1:${port}`,
    health: '/moto-api/',
    env: { MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
    log: 'moto.log',
  });
}

/** moto takes any key of the right form. */
export const MOTO_KEYS = {
  accessKeyId: 'AKIAMOTOMOTOMOTO0001',
  secretAccessKey: 'moto/accepts+any0secret0of0forty0charact',
};

/** moto cuts these lists short and gives no token: asked for all at once, it has nothing to cut. */
export const MOTO_LISTS = {
  PAGE_SIZES: JSON.stringify({ '*': 50, s3_bucket: 1000, launch_template: 200, kinesis_stream: 100 }),
};

const listing = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** Runs a program of this folder with the Python that has boto3 and moto's parsers. */
export async function python(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const [file = '', ...others] = args;
  const { stdout } = await run(join(PEERS, 'moto/bin/python'), [resolve(import.meta.dirname, file), ...others], {
    env: {
      ...env,
      // Its caches would lie among the tests.
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Runs `account.py` with boto3 against an endpoint. @param env what its modules say they take from there */
export const boto3 = (
  command: 'populate' | 'list',
  endpoint: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  env: Readonly<Record<string, string>> = {},
): Promise<string> =>
  python(['account.py', command], {
    ...env,
    CUSTOMER_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  });

/** What boto3 lists: `type region external-id`, sorted. */
export const linesOf = (json: string): readonly string[] =>
  Object.entries(listing.parse(JSON.parse(json)))
    .flatMap(([type, found]) => found.map(([region, id]) => `${type} ${region} ${id}`))
    .sort();

/** The same of what the API answers. boto3's list of buckets does not say their regions. */
export const linesOfResources = (
  resources: readonly { readonly type: string; readonly region: string; readonly external_id: string }[],
): readonly string[] =>
  resources
    .map(({ type, region, external_id }) => `${type} ${type === 's3_bucket' ? 'unsaid' : region} ${external_id}`)
    .sort();
