import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { TokenBucket } from '../../token-bucket.ts';
import { Random } from '../aws/random.ts';
import type { SampleCall, SampleCloud } from '../sample-cloud.ts';
import { answer, type Written } from './answer.ts';
import {
  CLUSTERS,
  EXAMPLE_CLUSTER,
  type Keys,
  keysIn,
  kubeconfigOf,
  MAIN_CLUSTER,
  type SampleCluster,
  tokenOf,
} from './clusters.ts';
import { KINDS, Listing } from './inventory/listing.ts';
import { defaultKnobs, type Knobs, knobsSchema, type Place } from './knobs.ts';

export { EXAMPLE_CLUSTER, kubeconfigOf, MAIN_CLUSTER } from './clusters.ts';
export type { Knobs } from './knobs.ts';

/** A running sample cloud of two clusters behind one TLS port, told apart by the host that a request names. */
export interface SampleKubernetes extends SampleCloud {
  readonly url: string;
  readonly port: number;
  readonly keys: Keys;
}

/** What one running sample cloud knows; the answers are made from it. */
export interface State {
  readonly clusters: readonly SampleCluster[];
  /** By host. */
  readonly tokens: ReadonlyMap<string, string>;
  knobs: Knobs;
  calls: SampleCall[];
  unknown: string[];
  /** How often each knob with `first` has refused. */
  readonly spent: Map<string, number>;
  /** Decides which calls a throttle with a rate refuses: always the same of as many calls. */
  random: Random;
  admits(place: Place): boolean;
}

/** Bytes from which an API server packs an answer. */
const PACKED_FROM = 128 * 1024;

/** @param options.directory where its keys are kept over restarts. */
export async function startSampleKubernetes(
  options: { readonly directory?: string; readonly port?: number; readonly knobs?: Partial<Knobs> } = {},
): Promise<SampleKubernetes> {
  const keys = await keysIn(options.directory);
  const state = newState(keys, knobsSchema.parse({ ...defaultKnobs, ...options.knobs }));
  const buckets = new Map<string, TokenBucket>();
  state.admits = ({ service }) => {
    const rate = typeof state.knobs.buckets === 'string' ? undefined : state.knobs.buckets[service];
    if (rate === undefined) return true;
    const bucket = buckets.get(service) ?? new TokenBucket(rate);
    buckets.set(service, bucket);
    return bucket.take();
  };
  const turn = (change: unknown): void => {
    state.knobs = knobsSchema.parse({ ...state.knobs, ...Object(change) });
    state.spent.clear();
    state.random = new Random('throttle');
    buckets.clear();
  };
  const server = createServer(
    {
      cert: keys.server.certificate,
      key: keys.server.key,
      ca: keys.ca.certificate,
      // Whoever has no certificate may have a token; a wrong one is refused by 401 and not by the handshake.
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      void serve(state, turn, request, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `https://127.0.0.1:${port}`;
  return {
    name: 'kubernetes',
    title: 'Kubernetes cluster',
    files: { 'kubeconfig.yaml': kubeconfigOf(keys, EXAMPLE_CLUSTER, 'certificate') },
    url,
    port,
    keys,
    settings: { endpoints: CLUSTERS.map(({ host }) => ({ host, url })) },
    bodies: {
      main: { kubeconfig: kubeconfigOf(keys, MAIN_CLUSTER, 'token') },
      example: { kubeconfig: kubeconfigOf(keys, EXAMPLE_CLUSTER, 'certificate') },
    },
    turn,
    calls: () => state.calls,
    resetCalls() {
      state.calls = [];
    },
    unknownCalls: () => state.unknown,
    held: () => heldBy(MAIN_CLUSTER, state.knobs),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const newState = (keys: Keys, knobs: Knobs): State => ({
  clusters: CLUSTERS,
  tokens: new Map(CLUSTERS.map((cluster) => [cluster.host, tokenOf(keys, cluster)])),
  knobs,
  calls: [],
  unknown: [],
  spent: new Map(),
  random: new Random('throttle'),
  admits: () => true,
});

function heldBy(cluster: SampleCluster, knobs: Knobs): Record<string, string[]> {
  const ids = KINDS.map((kind) => {
    const listing = new Listing(cluster, kind, knobs);
    return [kind.type, listing.slice(0, listing.length).map(({ id }) => id)] as const;
  });
  return Object.fromEntries(ids);
}

async function serve(
  state: State,
  turn: (change: unknown) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'https://cluster');
  const { method = 'GET', headers, socket } = request;
  const written = url.pathname.startsWith('/_sample/')
    ? control(state, turn, method, url.pathname, body)
    : await answer(state, { method, url, headers, body, certificate: certificateOf(socket) });
  // A call that hangs is never answered; the client or the end of the server closes it.
  if (written === undefined) return;
  const packs = /\bgzip\b/.test(String(headers['accept-encoding'])) && Buffer.byteLength(written.body) >= PACKED_FROM;
  response.writeHead(written.status, {
    'content-type': written.type,
    ...(packs ? { 'content-encoding': 'gzip' } : {}),
    ...written.headers,
  });
  response.end(packs ? gzipSync(written.body) : written.body);
}

/** Who a client certificate says it is; `invalid` for one that the authority did not sign. */
function certificateOf(socket: IncomingMessage['socket']): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const name = socket.getPeerX509Certificate()?.subject;
  if (name === undefined) return undefined;
  return socket.authorized ? /^CN=(.*)$/m.exec(name)?.[1] : 'invalid';
}

/** Turning knobs and reading the ledger of calls, for tests and for whoever plays. */
function control(state: State, turn: (change: unknown) => void, method: string, path: string, body: string): Written {
  const json = (status: number, value: unknown): Written => ({
    status,
    type: 'application/json',
    body: JSON.stringify(value),
  });
  if (path === '/_sample/knobs' && method === 'GET') return json(200, state.knobs);
  if (path === '/_sample/knobs' && method === 'POST') {
    try {
      turn(JSON.parse(body));
      return json(200, state.knobs);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : 'not a change of knobs' });
    }
  }
  if (path === '/_sample/calls' && method === 'GET') return json(200, state.calls);
  if (path === '/_sample/calls' && method === 'DELETE') {
    state.calls = [];
    return json(200, []);
  }
  return json(404, { error: 'The sample cloud has /_sample/knobs and /_sample/calls.' });
}
