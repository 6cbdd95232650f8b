import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Certified, issue, makeCa } from '../../certificates.ts';
import { Random } from '../aws/random.ts';
import type { SampleCall, SampleCloud } from '../sample-cloud.ts';
import { bodyOf, EXAMPLE_PRINCIPAL, EXPIRED_PRINCIPAL, MAIN_PRINCIPAL, type SamplePrincipal } from './accounts.ts';
import { armRefusal, json, Refusal, type Written } from './answers.ts';
import { type ArmOperation, authorize, notAuthorized, operations } from './arm.ts';
import { costsOf, type SampleCost } from './costs.ts';
import { SampleTokens, tokenAnswer } from './entra.ts';
import { Inventory } from './inventory/inventory.ts';
import { nameOf } from './inventory/names.ts';
import { defaultKnobs, isAt, type Knobs, knobsSchema, type Place } from './knobs.ts';
import { Quotas } from './quotas.ts';
import { graphHeaders, graphSubscription } from './resource-graph.ts';
import { allows } from './roles.ts';

export { EXAMPLE_PRINCIPAL, EXPIRED_PRINCIPAL, MAIN_PRINCIPAL, type SamplePrincipal } from './accounts.ts';
export type { Knobs } from './knobs.ts';

const LOGIN = 'login.microsoftonline.com';
const MANAGEMENT = 'management.azure.com';

export interface SampleAzureOptions {
  readonly port?: number;
  readonly knobs?: Partial<Knobs>;
  /** Where its authority is kept, so that a deployment that trusts it goes on doing so; absent: a new one each time. */
  readonly directory?: string;
}

/** A running sample Azure. */
export interface SampleAzure extends SampleCloud {
  /** Its address over TLS: below it, each host by its name. `url` is plain, for knobs and calls alone. */
  readonly secureUrl: string;
  /** Whom its certificate is from, PEM. */
  readonly ca: string;
  /** What the main subscription has cost; `to` is not in it. */
  costs(from: string, to: string): readonly SampleCost[];
}

/** What one running sample cloud knows. */
interface State {
  readonly principals: readonly SamplePrincipal[];
  readonly tokens: SampleTokens;
  readonly quotas: Quotas;
  knobs: Knobs;
  calls: SampleCall[];
  unknown: string[];
  /** How often each knob with `first` has struck, by its list and place there. */
  struck: Map<string, number>;
  random: Random;
  /** By subscription, at the knobs as they stand. */
  inventories: Map<string, Inventory>;
}

interface Request {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Starts a sample Azure on loopback: Entra and Azure Resource Manager over TLS, behind one URL, by their hosts' names. */
export async function startSampleAzure(options: SampleAzureOptions = {}): Promise<SampleAzure> {
  const state: State = {
    principals: [MAIN_PRINCIPAL, EXAMPLE_PRINCIPAL, EXPIRED_PRINCIPAL],
    tokens: new SampleTokens(),
    quotas: new Quotas(),
    knobs: knobsSchema.parse({ ...defaultKnobs, ...options.knobs }),
    calls: [],
    unknown: [],
    struck: new Map(),
    random: new Random('throttle'),
    inventories: new Map(),
  };
  const { ca, server: certified } = await certificates(options.directory);
  const turn = (change: unknown): void => {
    state.knobs = knobsSchema.parse({ ...state.knobs, ...Object(change) });
    state.struck.clear();
    state.random = new Random('throttle');
    state.quotas.reset();
    state.inventories.clear();
  };
  const server = createServer({ cert: certified.certificate, key: certified.key }, (request, response) => {
    void serve((asked) => answer(state, asked), request, response).catch(() => response.destroy());
  });
  const controls = createPlain((request, response) => {
    void serve(async (asked) => control(state, turn, asked), request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${await listen(controls)}`;
  const secureUrl = `https://127.0.0.1:${port}`;
  return {
    name: 'azure',
    title: 'Azure subscription',
    url,
    secureUrl,
    ca: ca.certificate,
    settings: {
      endpoints: [LOGIN, MANAGEMENT].map((host) => ({ host, url: `${secureUrl}/${host}`, ca: ca.certificate })),
    },
    bodies: { main: bodyOf(MAIN_PRINCIPAL), example: bodyOf(EXAMPLE_PRINCIPAL) },
    turn,
    calls: () => state.calls,
    resetCalls() {
      state.calls = [];
    },
    unknownCalls: () => state.unknown,
    held: () => held(inventoryOf(state, MAIN_PRINCIPAL), state.knobs),
    costs: (from, to) => costsOf(MAIN_PRINCIPAL, state.knobs, from, to),
    async close() {
      server.closeAllConnections();
      controls.closeAllConnections();
      await Promise.all([server, controls].map((one) => new Promise((done) => one.close(done))));
    },
  };
}

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function certificates(directory: string | undefined): Promise<{ ca: Certified; server: Certified }> {
  const kept = (name: string) => (directory === undefined ? undefined : { directory, name });
  const ca = await makeCa('Sample Azure CA', kept('azure-ca'));
  const request = { commonName: 'Sample Azure', hosts: ['localhost', LOGIN, MANAGEMENT], ips: ['127.0.0.1'] };
  return { ca, server: await issue(ca, request, kept('azure-server')) };
}

/** By type, in our own names, the ids of what may be seen. */
function held(inventory: Inventory, knobs: Knobs): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const table of [inventory.resources, inventory.containers]) {
    for (let n = 0; n < table.length; n += 1) {
      const type = table.typeAt(n);
      if (!allows(knobs, `${type}/read`)) continue;
      const name = nameOf(type);
      const known = found[name] ?? [];
      known.push(table.rowAt(n).id);
      found[name] = known;
    }
  }
  return found;
}

function inventoryOf(state: State, principal: SamplePrincipal): Inventory {
  const known = state.inventories.get(principal.subscriptionId) ?? new Inventory(principal, state.knobs);
  state.inventories.set(principal.subscriptionId, known);
  return known;
}

async function serve(
  to: (request: Request) => Promise<Written | undefined>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://sample.invalid');
  const [, host = '', ...rest] = pathname.split('/');
  const written = await to({
    method: request.method ?? 'GET',
    host,
    path: `/${rest.join('/')}`,
    query: searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  });
  // A call that hangs is never answered; the client or the end of the server closes it.
  if (written === undefined) return;
  response.writeHead(written.status, { 'content-type': 'application/json', ...written.headers }).end(written.body);
}

/** Answers one call of a cloud's host, or nothing where it is to hang. */
async function answer(state: State, request: Request): Promise<Written | undefined> {
  const place = placeOf(request);
  if (place === undefined) {
    state.unknown.push(`${request.method} ${request.host}${request.path}`);
    return json(404, { error: { code: 'InvalidResourceType', message: 'The sample cloud does not know this call.' } });
  }
  const { knobs } = state;
  const ended = (outcome: string, written: Written): Written => {
    state.calls.push({ ...place, outcome });
    return written;
  };
  if (knobs.latencyMs > 0) await sleep(knobs.latencyMs);
  if (knobs.hang.some((knob) => isAt(knob, place))) return undefined;
  try {
    if (knobs.down.some((knob) => isAt(knob, place))) {
      throw armRefusal(503, 'ServiceUnavailable', 'The service is unavailable. Please try again.');
    }
    if (knobs.broken.some((knob) => isAt(knob, place))) {
      return ended('broken', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } });
    }
    return ended('ok', request.host === LOGIN ? login(state, request, place) : manage(state, request, place));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return ended(error.code, error.written);
  }
}

const TOKEN_PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;

const operationOf = ({ method, path }: Request): ArmOperation | undefined =>
  operations.find((one) => one.method === method && one.path.test(path));

function placeOf(request: Request): Place | undefined {
  if (request.host === LOGIN) {
    const tenant = request.method === 'POST' ? TOKEN_PATH.exec(request.path)?.[1] : undefined;
    return tenant === undefined ? undefined : { service: 'login', operation: 'token', region: tenant };
  }
  const operation = request.host === MANAGEMENT ? operationOf(request) : undefined;
  if (operation === undefined) return undefined;
  const region = operation.path.exec(request.path)?.[1] ?? graphSubscription(request.body);
  return { service: operation.service, operation: operation.operation, region };
}

function login(state: State, request: Request, place: Place): Written {
  if (isThrottled(state, place)) {
    throw new Refusal(
      'AADSTS90055',
      json(
        429,
        {
          error: 'temporarily_unavailable',
          error_description: 'AADSTS90055: The tenant has exceeded its throttling limit.',
        },
        { 'retry-after': '1' },
      ),
    );
  }
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    throw new Refusal(
      'AADSTS900144',
      json(400, {
        error: 'invalid_request',
        error_description: "AADSTS900144: The request body must contain the following parameter: 'grant_type'.",
      }),
    );
  }
  return tokenAnswer(state.principals, state.tokens, place.region, new URLSearchParams(request.body));
}

function manage(state: State, request: Request, place: Place): Written {
  const { knobs } = state;
  const operation = operationOf(request);
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || operation === undefined) {
    throw armRefusal(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const principal = state.tokens.ownerOf(token);
  if (principal === undefined) throw armRefusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  if (request.query.get('api-version') !== operation.version) {
    const text = `The api-version '${request.query.get('api-version') ?? ''}' is not one that the sample cloud knows.`;
    state.unknown.push(`${place.service} ${place.operation} api-version ${request.query.get('api-version') ?? 'none'}`);
    throw armRefusal(400, 'InvalidApiVersionParameter', text);
  }
  const quota = state.quotas.take(knobs.buckets, principal.clientId, place.service);
  const headers = place.service === 'resourcegraph' ? graphHeaders(quota) : {};
  if (!quota.ok || isThrottled(state, place)) throw operation.throttled(headers);
  authorize(operation, request.path, principal, state.principals, knobs);
  const page = operation.page(request);
  const denies = knobs.deny.some(
    (knob) => knob.type === undefined && isAt(knob, place) && page > (knob.afterPage ?? 0),
  );
  if (denies) {
    const action = operation.action ?? 'Microsoft.ResourceGraph/resources/read';
    throw notAuthorized(principal, action, principal.subscriptionId);
  }
  const written = operation.answer({
    principal,
    knobs,
    path: request.path,
    query: request.query,
    headers: request.headers,
    body: request.body,
    inventory: inventoryOf(state, principal),
    loops: knobs.loopToken.some((knob) => isAt(knob, place)),
    expired: () => strikes(state, 'expireToken', place),
    unknown: (call) => state.unknown.push(call),
  });
  return { ...written, headers: { ...written.headers, ...headers } };
}

function isThrottled(state: State, place: Place): boolean {
  const { throttle } = state.knobs;
  const rated = throttle.some(
    (knob) => knob.first === undefined && isAt(knob, place) && state.random.next() < (knob.rate ?? 1),
  );
  return rated || strikes(state, 'throttle', place);
}

/** Whether one of the knobs that strike so often does it now. */
function strikes(state: State, list: 'throttle' | 'expireToken', place: Place): boolean {
  for (const [n, knob] of state.knobs[list].entries()) {
    const key = `${list} ${n}`;
    const before = state.struck.get(key) ?? 0;
    if (!isAt(knob, place) || knob.first === undefined || before >= knob.first) continue;
    state.struck.set(key, before + 1);
    return true;
  }
  return false;
}

/** Turning knobs and reading the ledger of calls, without a token: it is there for tests and for whoever plays. */
function control(state: State, turn: (change: unknown) => void, { method, host, path, body }: Request): Written {
  const call = `${host}${path}`;
  if (call === '_sample/knobs' && method === 'GET') return json(200, state.knobs);
  if (call === '_sample/knobs' && method === 'POST') {
    try {
      turn(JSON.parse(body));
      return json(200, state.knobs);
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : 'not a change of knobs' });
    }
  }
  if (call === '_sample/calls' && method === 'GET') return json(200, state.calls);
  if (call === '_sample/calls' && method === 'DELETE') {
    state.calls = [];
    return json(200, []);
  }
  return json(404, { error: 'The sample cloud has /_sample/knobs and /_sample/calls.' });
}
