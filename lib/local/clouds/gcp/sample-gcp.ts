import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { bodyOf, serve } from '../../loopback.ts';
import { Random } from '../aws/random.ts';
import type { SampleCall, SampleCloud } from '../sample-cloud.ts';
import { EXAMPLE_PROJECT, keyFile, MAIN_PROJECT, OUTSIDER, type SampleProject } from './accounts.ts';
import { type Answered, answer } from './answer.ts';
import { type ExportRow, exportRows } from './billing/export.ts';
import { Jobs } from './billing/jobs.ts';
import { heldBy } from './inventory/assets.ts';
import { defaultKnobs, type Knobs, knobsSchema } from './knobs.ts';
import { Quotas } from './quotas.ts';
import { services, TOKEN_HOST } from './services/registered.ts';
import type { State } from './state.ts';
import { Tokens } from './token-endpoint.ts';

export { EXAMPLE_PROJECT, MAIN_PROJECT, type SampleProject } from './accounts.ts';
export type { ExportRow } from './billing/export.ts';
export type { Knobs } from './knobs.ts';

/** A running sample GCP. */
export interface SampleGcp extends SampleCloud {
  readonly name: 'gcp';
  readonly port: number;
  /** The key file of a service account that exists and may read neither project. */
  readonly outsiderJson: string;
  calls(): readonly SampleCall[];
  knobs(): Knobs;
  /** The rows of a project's billing export of a span of time (milliseconds), as far as they are loaded now. */
  bill(project: SampleProject, from: number, to: number): readonly ExportRow[];
  /** Every token that was handed out is good for nothing any more. */
  revokeTokens(): void;
}

const bodyOfProject = (project: SampleProject): Readonly<Record<string, string>> => ({
  serviceAccountJson: keyFile(project),
  projectId: project.projectId,
  billingDataset: project.dataset.id,
});

/** Starts a sample GCP on loopback: every API behind one port, told apart by the host in front of the path. */
export async function startSampleGcp(
  options: { readonly port?: number; readonly knobs?: Partial<Knobs> } = {},
): Promise<SampleGcp> {
  const state: State = {
    knobs: knobsSchema.parse({ ...defaultKnobs, ...options.knobs }),
    calls: [],
    throttled: new Map(),
    random: new Random('throttle'),
    quotas: new Quotas(),
    tokens: new Tokens(),
    jobs: new Jobs(),
    unknown: [],
  };
  const turn = (change: unknown): void => {
    state.knobs = knobsSchema.parse({ ...state.knobs, ...Object(change) });
    state.throttled.clear();
    state.random = new Random('throttle');
    state.quotas.reset();
  };
  const endpoint = await serve((request, response) => {
    void respond(state, turn, request, response).catch(() => response.destroy());
  }, options.port);
  const { url, port } = endpoint;
  return {
    name: 'gcp',
    title: 'GCP project',
    files: { 'gcp-service-account.json': keyFile(EXAMPLE_PROJECT) },
    url,
    port,
    settings: {
      endpoints: [TOKEN_HOST, ...services.map(({ host }) => host)].map((host) => ({ host, url: `${url}/${host}` })),
    },
    bodies: { main: bodyOfProject(MAIN_PROJECT), example: bodyOfProject(EXAMPLE_PROJECT) },
    outsiderJson: keyFile(OUTSIDER),
    turn,
    knobs: () => state.knobs,
    calls: () => state.calls,
    resetCalls() {
      state.calls = [];
    },
    unknownCalls: () => state.unknown,
    held: () => heldBy(MAIN_PROJECT, state.knobs),
    bill: (project, from, to) => exportRows(project, state.knobs, from, to, Date.now()),
    revokeTokens: () => state.tokens.revoke(),
    close: () => endpoint.close(),
  };
}

async function respond(
  state: State,
  turn: (change: unknown) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = String(await bodyOf(request));
  const url = request.url ?? '/';
  const method = request.method ?? 'GET';
  const answered = url.startsWith('/_sample/')
    ? control(state, turn, method, url, body)
    : await answer(state, { method, url, authorization: request.headers.authorization, body });
  // A call that hangs is never answered; the client or the end of the server closes it.
  if (answered === undefined) return;
  const text = JSON.stringify(answered.body, null, 2);
  const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  response
    .writeHead(answered.status, {
      'content-type': 'application/json; charset=UTF-8',
      ...(packed ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
    })
    .end(packed ? gzipSync(text) : text);
}

/** Turning knobs and reading the ledger of calls, without a token: it is there for tests and for whoever plays. */
function control(state: State, turn: (change: unknown) => void, method: string, url: string, body: string): Answered {
  if (url === '/_sample/knobs' && method === 'GET') return { status: 200, body: state.knobs };
  if (url === '/_sample/knobs' && method === 'POST') {
    try {
      turn(JSON.parse(body));
      return { status: 200, body: state.knobs };
    } catch (error) {
      return { status: 400, body: { error: error instanceof Error ? error.message : 'not a change of knobs' } };
    }
  }
  if (url === '/_sample/calls' && method === 'GET') return { status: 200, body: state.calls };
  if (url === '/_sample/calls' && method === 'DELETE') {
    state.calls = [];
    return { status: 200, body: [] };
  }
  return { status: 404, body: { error: 'The sample cloud has /_sample/knobs and /_sample/calls.' } };
}
