import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { SampleCall, SampleCloud } from '../sample-cloud.ts';
import { EXAMPLE_ACCOUNT, MAIN_ACCOUNT, ROOT_ACCOUNT, type SampleAccount } from './accounts.ts';
import { answer } from './answer.ts';
import { countsOf, inventoryOf } from './inventory/generate.ts';
import { defaultKnobs, type Knobs, knobsSchema } from './knobs.ts';
import type { Written } from './protocols.ts';
import { Quotas } from './quotas.ts';
import { Random } from './random.ts';

export type { SampleCall } from '../sample-cloud.ts';
export { CANARY, EXAMPLE_ACCOUNT, MAIN_ACCOUNT, ROOT_ACCOUNT, type SampleAccount } from './accounts.ts';
export type { Knobs } from './knobs.ts';

/** A running sample AWS. */
export interface SampleAws extends SampleCloud {
  readonly url: string;
  readonly port: number;
  readonly accounts: readonly SampleAccount[];
  /** Turns knobs; those that are not named stay. */
  knobs(change: Partial<Knobs>): void;
  /** By type and region, the ARNs of what the seed generated, at the knobs as they stand. */
  inventory(accountId: string): Record<string, Record<string, string[]>>;
  /** By kind and region, how many there are: cheap however many. */
  counts(accountId: string): Record<string, Record<string, number>>;
  /** The regions that are enabled, at the knobs as they stand. */
  regions(): readonly string[];
}

/** What one running sample cloud knows; the answers are made from it. */
export interface State {
  readonly accounts: readonly SampleAccount[];
  knobs: Knobs;
  calls: SampleCall[];
  /** How many calls each throttle with `first` has refused, by its place in the list. */
  throttled: Map<number, number>;
  /** Decides which calls a throttle with a rate refuses: always the same of as many calls, in whatever order. */
  random: Random;
  readonly quotas: Quotas;
  unknown: string[];
}

/** Starts a sample AWS on loopback: every service behind one URL, told apart by the signature's scope. */
export async function startSampleAws(
  options: {
    readonly port?: number;
    readonly knobs?: Partial<Knobs>;
    readonly accounts?: readonly SampleAccount[];
  } = {},
): Promise<SampleAws> {
  const state: State = {
    accounts: [MAIN_ACCOUNT, EXAMPLE_ACCOUNT, ROOT_ACCOUNT, ...(options.accounts ?? [])],
    knobs: knobsSchema.parse({ ...defaultKnobs, ...options.knobs }),
    calls: [],
    throttled: new Map(),
    random: new Random('throttle'),
    quotas: new Quotas(),
    unknown: [],
  };
  const turn = (change: unknown): void => {
    state.knobs = knobsSchema.parse({ ...state.knobs, ...Object(change) });
    state.throttled.clear();
    state.random = new Random('throttle');
    state.quotas.reset();
  };
  const bodyOf = ({ accessKeyId, secretAccessKey }: SampleAccount) => ({
    accessKeyId,
    secretAccessKey,
    region: 'us-east-1',
  });
  const server = createServer((request, response) => {
    void serve(state, turn, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    name: 'aws',
    title: 'AWS account',
    url,
    port,
    accounts: state.accounts,
    // Only its own keys: every other one goes to the real cloud.
    settings: { awsEndpoints: [{ accessKeyIds: state.accounts.map(({ accessKeyId }) => accessKeyId), url }] },
    bodies: { main: bodyOf(MAIN_ACCOUNT), example: bodyOf(EXAMPLE_ACCOUNT) },
    knobs: turn,
    turn,
    held: () =>
      Object.fromEntries(
        Object.entries(inventoryOf(MAIN_ACCOUNT, state.knobs)).map(([type, regions]) => [
          type,
          Object.values(regions).flat(),
        ]),
      ),
    calls: () => state.calls,
    resetCalls() {
      state.calls = [];
    },
    unknownCalls: () => state.unknown,
    inventory(accountId) {
      const account = state.accounts.find((one) => one.accountId === accountId);
      return account === undefined ? {} : inventoryOf(account, state.knobs);
    },
    counts(accountId) {
      const account = state.accounts.find((one) => one.accountId === accountId);
      return account === undefined ? {} : countsOf(account, state.knobs);
    },
    regions: () => state.knobs.regions,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function serve(
  state: State,
  turn: (change: unknown) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = request.url ?? '/';
  const written = url.startsWith('/_sample/')
    ? control(state, turn, request.method ?? '', url, body)
    : await answer(state, { method: request.method ?? 'GET', url, headers: request.headers, body });
  // A call that hangs is never answered; the client or the end of the server closes it.
  if (written === undefined) return;
  const { status, type, body: text, headers } = written;
  response.writeHead(status, { 'content-type': type, ...headers }).end(text);
}

/** Turning knobs and reading the ledger of calls, unsigned: it is there for tests and for whoever plays. */
function control(state: State, turn: (change: unknown) => void, method: string, url: string, body: Buffer): Written {
  const json = (status: number, value: unknown): Written => ({
    status,
    type: 'application/json',
    body: JSON.stringify(value),
  });
  if (url === '/_sample/knobs' && method === 'GET') return json(200, state.knobs);
  if (url === '/_sample/knobs' && method === 'POST') {
    try {
      turn(JSON.parse(body.toString()));
      return json(200, state.knobs);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : 'not a change of knobs' });
    }
  }
  if (url === '/_sample/calls' && method === 'GET') return json(200, state.calls);
  if (url === '/_sample/calls' && method === 'DELETE') {
    state.calls = [];
    return json(200, []);
  }
  return json(404, { error: 'The sample cloud has /_sample/knobs and /_sample/calls.' });
}
