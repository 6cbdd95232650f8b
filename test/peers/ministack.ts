import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { freePort, PEERS, type Peer, startPeer } from './peers.ts';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '../..');
/** MiniStack runs Lambdas with the first `node` it finds: it must be the one that runs this. */
const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;

/** Our own AWS account for the rehearsal, with roles enforced. */
export interface Ministack extends Peer {
  readonly port: number;
  /** Runs the CDK's own command line against it. */
  cdk(...args: readonly string[]): Promise<string>;
}

export async function startMinistack(): Promise<Ministack> {
  const port = await freePort();
  const state = join(PEERS, 'ministack-state');
  const temporary = join(PEERS, 'tmp');
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  // Under this project's own package.json its wrapper of a Lambda, which is CommonJS, would not load.
  writeFileSync(join(temporary, 'package.json'), '{"type":"commonjs"}');
  const url = `http://localhost:${port}`;
  const peer = await startPeer(join(PEERS, 'ministack/bin/ministack'), [], {
    url,
    health: '/_ministack/health',
    cwd: state,
    log: 'ministack.log',
    env: {
      PATH,
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      STATE_DIR: join(state, 'state'),
      S3_DATA_DIR: join(state, 's3'),
      TMPDIR: temporary,
    },
  });
  const env = {
    PATH,
    HOME: process.env.HOME ?? '',
    TMPDIR: temporary,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_HOME: join(PEERS, 'cdk-home'),
    CI: 'true',
  };
  return {
    ...peer,
    port,
    async cdk(...args) {
      const options = { cwd: PROJECT, env, maxBuffer: 64 * 1024 * 1024 };
      const { stdout, stderr } = await run(join(PROJECT, 'node_modules/.bin/cdk'), [...args], options);
      return stdout + stderr;
    },
  };
}

const templateSchema = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });
const SEND = /"Action":(\[[^\]]*"sqs:SendMessage"[^\]]*\]|"sqs:SendMessage")/g;

/**
 * Changes a synthesized template in the two places where MiniStack is not as AWS. It has no TLS, and the queues'
 * policies refuse what does not come by TLS. And it asks for `sqs:SendMessageBatch`, an action that IAM does not know:
 * at AWS, `sqs:SendMessage` covers batches. Both are asserted as they should be by the stack's own tests.
 */
export function forMinistack(folder: string, stack: string): void {
  const file = join(folder, `${stack}.template.json`);
  const template = templateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::SQS::QueuePolicy');
  const text = JSON.stringify({ ...template, Resources: Object.fromEntries(kept) });
  const batch = (_: string, action: string): string =>
    `"Action":[${action.replace(/^\[|\]$/g, '')},"sqs:SendMessageBatch"]`;
  writeFileSync(file, text.replace(SEND, batch));
}

/** The outputs of a stack, as `cdk deploy --outputs-file` wrote them. */
export function outputsOf(file: string, stack: string): Record<string, string> {
  const outputs = z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(readFileSync(file, 'utf8')));
  return outputs[stack] ?? {};
}
