import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { admit } from './admit.ts';
import { itemsOf } from './inventory/generate.ts';
import { isAt, type Place } from './knobs.ts';
import { type Written, writeAnswer, writeError } from './protocols.ts';
import type { State } from './sample-aws.ts';
import { type Call, type Operation, type PageLimits, SampleError, type Service } from './services/operation.ts';
import { services } from './services/registered.ts';
import { readCredential, type Signed } from './signature.ts';

/** Answers one signed request, or nothing where it is to hang. */
export async function answer(state: State, request: Signed): Promise<Written | undefined> {
  const credential = readCredential(request.headers);
  const service = services.find((one) => one.name === credential?.service);
  if (credential === undefined || service === undefined) {
    state.unknown.push(`${credential?.service ?? 'unsigned'} ${request.method} ${request.url}`);
    return writeError(
      'query',
      403,
      'MissingAuthenticationToken',
      'The request is not signed for a service known here.',
    );
  }
  const params = readParams(service, request);
  const operation = findOperation(service, request, params);
  const place: Place = { service: service.name, region: credential.region, operation: operation?.name ?? 'unknown' };
  const ended = (outcome: string, written: Written): Written => {
    state.calls.push({ ...place, outcome });
    return written;
  };
  try {
    if (state.knobs.latencyMs > 0) await sleep(state.knobs.latencyMs);
    if (state.knobs.hang.some((knob) => isAt(knob, place))) return undefined;
    const account = admit(request, credential, service, state.accounts);
    if (operation === undefined) {
      state.unknown.push(`${service.name} ${request.method} ${request.url} ${params.get('Action') ?? ''}`);
      throw new SampleError(
        400,
        service.protocol === 'json' ? 'UnknownOperationException' : 'InvalidAction',
        'The action is not valid.',
      );
    }
    refuse(state, service, operation, place, params, account.userArn);
    const call: Call = {
      account,
      region: credential.region,
      param: (name) => params.get(name) ?? undefined,
      items: (kind) => itemsOf(account, kind, credential.region, state.knobs).map((made) => made.item),
      page: (items, limits) =>
        pageOf(
          items,
          limits,
          state.knobs.loopToken.some((knob) => isAt(knob, place)),
        ),
    };
    return ended('ok', writeAnswer(service.protocol, operation.name, service.namespace, operation.run(call)));
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    return ended(error.code, writeError(service.protocol, error.status, error.code, error.message));
  }
}

/** Parameters of the query, the form or the JSON body, by name. */
function readParams(service: Service, request: Signed): URLSearchParams {
  const params = new URLSearchParams(request.url.split('?')[1] ?? '');
  if (request.body.byteLength === 0) return params;
  if (service.protocol !== 'json') {
    for (const [name, value] of new URLSearchParams(request.body.toString())) params.set(name, value);
    return params;
  }
  const body = z.record(z.string(), z.unknown()).safeParse(JSON.parse(request.body.toString()));
  for (const [name, value] of Object.entries(body.data ?? {})) params.set(name, String(value));
  return params;
}

function findOperation(service: Service, request: Signed, params: URLSearchParams): Operation | undefined {
  const path = (request.url.split('?')[0] ?? '/').replace(/(.)\/$/, '$1');
  const target = String(request.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  return service.operations.find((one) => {
    if (one.rest !== undefined) return one.rest.method === request.method && one.rest.path === path;
    return one.name === (service.protocol === 'json' ? target : params.get('Action'));
  });
}

/** What the knobs refuse, in the service's own words. @throws SampleError */
function refuse(
  state: State,
  service: Service,
  operation: Operation,
  place: Place,
  params: URLSearchParams,
  userArn: string,
): void {
  const { knobs } = state;
  if (knobs.unsupported.some((knob) => isAt(knob, place))) {
    throw new SampleError(400, 'OptInRequired', 'The service is not available in this region for your account.');
  }
  if (knobs.down.some((knob) => isAt(knob, place))) {
    throw new SampleError(503, 'ServiceUnavailable', 'The service is unavailable. Please try again.');
  }
  for (const [n, knob] of knobs.throttle.entries()) {
    if (!isAt(knob, place)) continue;
    const before = state.throttled.get(n) ?? 0;
    const hit = knob.first === undefined ? Math.random() < (knob.rate ?? 1) : before < knob.first;
    if (!hit) continue;
    state.throttled.set(n, before + 1);
    throw new SampleError(service.throttle.status, service.throttle.code, 'Rate exceeded');
  }
  for (const knob of knobs.deny) {
    if (!isAt(knob, place) || pageNumber(params) <= (knob.afterPage ?? 0)) continue;
    const action = operation.permission ?? `${service.name}:${operation.name}`;
    const why =
      knob.by === 'scp'
        ? 'with an explicit deny in a service control policy'
        : `because no identity-based policy allows the ${action} action`;
    const text = `You are not authorized to perform this operation. User: ${userArn} is not authorized to perform: ${action} ${why}`;
    throw new SampleError(service.denied.status, service.denied.code, text);
  }
}

const TOKENS = ['NextToken', 'Marker', 'continuation-token', 'ExclusiveStartTableName'] as const;

/** 1 for the first page; tokens of ours count them. */
function pageNumber(params: URLSearchParams): number {
  const token = TOKENS.map((name) => params.get(name)).find((value) => value !== null);
  if (token === undefined || token === null) return 1;
  return Number(/^page-(\d+)-/.exec(token)?.[1] ?? 2);
}

function pageOf<T>(items: readonly T[], limits: PageLimits, loops: boolean): { items: T[]; next: string | undefined } {
  const size = limits.size === undefined ? limits.otherwise : Number(limits.size);
  const fits = Number.isInteger(size) && size >= limits.least && size <= limits.most;
  if (limits.size !== undefined && !fits) {
    throw new SampleError(400, 'InvalidParameterValue', `The page size must be ${limits.least} to ${limits.most}.`);
  }
  const match = limits.token === undefined ? undefined : /^page-(\d+)-(\d+)$/.exec(limits.token);
  if (match === null) throw new SampleError(400, 'InvalidParameterValue', 'The token is not valid.');
  const from = Number(match?.[2] ?? 0);
  const number = Number(match?.[1] ?? 1);
  if (loops) return { items: items.slice(0, size), next: 'page-2-0' };
  const to = from + size;
  return { items: items.slice(from, to), next: to < items.length ? `page-${number + 1}-${to}` : undefined };
}
