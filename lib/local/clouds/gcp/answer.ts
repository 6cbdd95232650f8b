import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECTS, type SampleProject } from './accounts.ts';
import { isAt, type Place } from './knobs.ts';
import { pageNumber, pageOf } from './pages.ts';
import {
  denied,
  deniedByPolicy,
  disabled,
  invalid,
  notFound,
  Refusal,
  throttled,
  unauthenticated,
  unavailable,
} from './refusal.ts';
import type { Call, Operation, Service } from './services/operation.ts';
import { services, TOKEN_HOST } from './services/registered.ts';
import type { State } from './state.ts';

export interface Asked {
  readonly method: string;
  /** With the host as the first part of its path. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** Answers one request, or nothing where it is to hang. */
export async function answer(state: State, asked: Asked): Promise<Answered | undefined> {
  const url = new URL(asked.url, 'http://sample.invalid');
  const [, host = '', ...rest] = url.pathname.split('/');
  const path = `/${rest.join('/')}`;
  const service = services.find((one) => one.host === host);
  const found = service === undefined ? undefined : findOperation(service, asked.method, path);
  const isToken = host === TOKEN_HOST && path === '/token' && asked.method === 'POST';
  const place: Place = isToken
    ? { service: 'oauth2', operation: 'token' }
    : { service: service?.name ?? host, operation: found?.operation.name ?? 'unknown' };
  const ended = (outcome: string, status: number, body: unknown): Answered => {
    state.calls.push({ ...place, region: 'project', outcome });
    return { status, body };
  };
  try {
    if (state.knobs.latencyMs > 0) await sleep(state.knobs.latencyMs);
    if (state.knobs.hang.some((knob) => isAt(knob, place))) return undefined;
    if (isToken) {
      refuseInGeneral(state, place, 'modern', TOKEN_HOST, '0');
      return ended('ok', 200, state.tokens.exchange(new URLSearchParams(asked.body), state.knobs.disabledAccounts));
    }
    if (service === undefined || found === undefined) {
      state.unknown.push(`${asked.method} ${host}${path}`);
      throw notFound(service?.style ?? 'modern', `The sample cloud does not know ${asked.method} ${host}${path}.`);
    }
    return ended('ok', 200, run(state, service, found, url, asked));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return ended(error.outcome, error.status, error.body);
  }
}

interface Found {
  readonly operation: Operation;
  readonly parts: Readonly<Record<string, string>>;
}

function findOperation(service: Service, method: string, path: string): Found | undefined {
  for (const operation of service.operations) {
    const pattern = operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/:]+)');
    const match = operation.method === method ? new RegExp(`^${pattern}$`).exec(path) : null;
    if (match !== null) return { operation, parts: { ...match.groups } };
  }
  return undefined;
}

function run(state: State, service: Service, { operation, parts }: Found, url: URL, asked: Asked): unknown {
  const { style, host, name } = service;
  const { knobs } = state;
  const place = { service: name, operation: operation.name };
  const caller = state.tokens.holderOf(asked.authorization);
  if (caller === undefined) throw unauthenticated(host);
  const param = (key: string): string | undefined => parts[key] ?? url.searchParams.get(key) ?? undefined;
  const id = param('project') ?? '';
  const project = PROJECTS.find((one) => one.projectId === id);
  refuseInGeneral(state, place, style, host, project?.projectNumber ?? '0');
  // Of a project that is not theirs, callers are told the same as of one that there is not.
  const resource = `cloudresourcemanager.googleapis.com/projects/${id}`;
  if (project === undefined || project.clientEmail !== caller) throw denied(style, operation.permission, resource);
  const token = param('pageToken');
  refuseByKnob(state, service, operation, project, token);
  const call: Call = {
    state,
    knobs,
    project,
    caller,
    param,
    body: asked.body === '' ? undefined : parseJson(asked.body),
    denies: (its, of) => knobs.deny.some((knob) => isAt(knob, { service: its, operation: of })),
    page: (items, limits) =>
      pageOf(
        style,
        items,
        { ...limits, size: param(limits.size), token },
        knobs.loopToken.some((knob) => isAt(knob, place)),
      ),
  };
  return operation.run(call);
}

/** What can be wrong with any call, whoever makes it. @throws Refusal */
function refuseInGeneral(state: State, place: Place, style: Service['style'], host: string, number: string): void {
  if (state.knobs.disabledServices.includes(place.service)) throw disabled(style, host, number);
  if (state.knobs.down.some((knob) => isAt(knob, place))) throw unavailable(style);
  const fits = state.quotas.admits(state.knobs.buckets, number, place.service);
  if (!fits || isThrottled(state, place)) throw throttled(style, host, number);
}

/** @throws Refusal */
function refuseByKnob(
  { knobs }: State,
  service: Service,
  operation: Operation,
  project: SampleProject,
  token: string | undefined,
): void {
  const place = { service: service.name, operation: operation.name };
  if (token !== undefined && knobs.expireToken.some((knob) => isAt(knob, place))) {
    throw invalid(service.style, 'The page token is no longer valid.');
  }
  const deny = knobs.deny.find((knob) => isAt(knob, place) && pageNumber(token) > (knob.afterPage ?? 0));
  if (deny === undefined || operation.silent === true || operation.permission === '') return;
  if (deny.by === 'scp') throw deniedByPolicy(service.style, service.host);
  throw denied(
    service.style,
    operation.permission,
    `cloudresourcemanager.googleapis.com/projects/${project.projectId}`,
  );
}

function isThrottled(state: State, place: Place): boolean {
  for (const [n, knob] of state.knobs.throttle.entries()) {
    if (!isAt(knob, place)) continue;
    const before = state.throttled.get(n) ?? 0;
    const hit = knob.first === undefined ? state.random.next() < (knob.rate ?? 1) : before < knob.first;
    if (!hit) continue;
    state.throttled.set(n, before + 1);
    return true;
  }
  return false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('modern', 'Invalid JSON payload received.');
  }
}
