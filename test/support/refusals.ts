import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CloudFacts } from '../../functions/providers/contract.ts';
import { clouds } from '../../functions/providers/registered.ts';
import type { CloudsDeployment } from './clouds.ts';
import type { RequestOptions, Response } from './deployment.ts';

/** In the secret places of what is sent: it must turn up nowhere. */
export const MARK = 'zq7MARKzq7';
/** No answer of ours takes as long, however busy the machine: whoever waits this long, hangs. Milliseconds. */
const HANGS = 20_000;

/** Runs of characters of which keys, tokens and what is behind base64 are made; shorter ones are words. */
const RUN = /[A-Za-z0-9+/_~-]{24,}/g;
const PIECE = 16;

/** What must be in no answer and no log, of a text with secrets in it: all of it, in pieces. */
function piecesOf(text: string): readonly string[] {
  const runs = [...text.replaceAll('\\n', '\n').matchAll(RUN)].map(([run]) => run);
  const cut = (run: string) => Array.from({ length: Math.floor(run.length / PIECE) }, (_, n) => n * PIECE);
  const pieces = runs.flatMap((run) => cut(run).map((at) => run.slice(at, at + PIECE)));
  // Names of fields have small letters only.
  return pieces.filter((piece) => /[A-Z0-9]/.test(piece));
}

/** A port that counts who connects, a pipe on which whoever opens it hangs, and a file that whoever runs `touch` makes. */
export interface Trap {
  readonly url: string;
  readonly port: number;
  readonly pipe: string;
  readonly trace: string;
  /** What was caught so far. */
  caught(): string[];
  close(): Promise<void>;
}

export async function setTrap(directory: string): Promise<Trap> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const [pipe, trace] = [join(directory, 'trap-pipe'), join(directory, 'trap-trace')];
  execFileSync('mkfifo', [pipe]);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pipe,
    trace,
    caught: () => [...sockets.map(() => 'a connection'), ...(existsSync(trace) ? ['a program was run'] : [])],
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** What a refused connect is to answer, and what it may have asked the cloud. */
export interface Expected {
  readonly status: number;
  readonly code: string;
  /** `service operation` of every call that the cloud got. */
  readonly calls?: readonly string[];
  /** Values that the answer must not repeat. */
  readonly unsaid?: readonly unknown[];
}

/** Sends what must be refused to one cloud, and sees to it that nothing has happened. */
export function refusalsOf(deployment: CloudsDeployment, name: string, trap?: Trap) {
  const secrets = new Set<string>([MARK]);
  const cloud = deployment.cloud(name);
  const registered: readonly CloudFacts[] = Object.values(clouds);
  const secretFields = registered.find((facts) => facts.name === name)?.secretFields ?? [];
  /** Ids of accounts and projects say who it is, and prove nothing. */
  const open = Object.values(cloud.bodies).flatMap((body) =>
    Object.entries(body).flatMap(([field, value]) => (secretFields.includes(field) ? [] : [value])),
  );

  /** All that a refused call must leave as it was. */
  async function world() {
    const made = Object.entries(deployment.twin.secretCalls()).filter(([call]) => !call.startsWith('GetSecretValue'));
    const counts = deployment.twin.invocations();
    const invoked = Object.entries(counts).filter(([one]) => /^(plan|collect|fail|schedule)-/.test(one));
    return { items: await deployment.items(), made, invoked, caught: trap?.caught() };
  }

  /** Remembers what is secret in a body, to look for it in answers and logs. */
  function remember(body: string | object): void {
    const parts =
      typeof body === 'string' ? [body] : secretFields.map((field) => JSON.stringify(Reflect.get(body, field)));
    for (const piece of parts.flatMap((part) => piecesOf(part ?? ''))) {
      if (!open.some((value) => value.includes(piece))) secrets.add(piece);
    }
  }
  const leaked = (text: string): string[] => [...secrets].filter((piece) => text.includes(piece));

  return {
    leaked,
    remember,
    async refused(body: string | object, expected: Expected, options: RequestOptions = {}): Promise<Response> {
      remember(body);
      for (const one of deployment.clouds) one.resetCalls();
      const before = await world();
      const began = performance.now();
      const answer = await deployment.call('POST', `/${name}/connect`, { ...options, body });
      expect(performance.now() - began).toBeLessThan(HANGS);
      const { status, code, calls = [], unsaid = [] } = expected;
      expect([answer.status, answer.json]).toEqual([status, expect.objectContaining({ code })]);
      expect(await world()).toEqual(before);
      const asked = deployment.clouds.flatMap((one) => one.calls().map((call) => `${call.service} ${call.operation}`));
      expect(asked).toEqual(calls);
      expect(cloud.unknownCalls()).toEqual([]);
      const said = `${answer.text}\n${JSON.stringify([...answer.headers])}`;
      expect(leaked(said)).toEqual([]);
      for (const value of unsaid) if (String(value).length > 3) expect(answer.text).not.toContain(String(value));
      return answer;
    },
    /** What of all that was sent is in a log, an audit line or an event. */
    async found(): Promise<readonly string[]> {
      await deployment.twin.idle();
      const texts = { logs: deployment.logs(), audit: deployment.audit(), events: deployment.events() };
      return Object.entries(texts).flatMap(([sink, text]) =>
        leaked(typeof text === 'string' ? text : JSON.stringify(text)).map((piece) => `${piece} in ${sink}`),
      );
    },
  };
}
export type Refusals = ReturnType<typeof refusalsOf>;
