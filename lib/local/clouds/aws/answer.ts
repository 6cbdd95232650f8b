import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { admit } from './admit.ts';
import { Listing } from './inventory/listing.ts';
import { isAt, type Place } from './knobs.ts';
import { pageOf } from './pages.ts';
import { type Written, writeAnswer, writeError } from './protocols.ts';
import { refuse } from './refusals.ts';
import type { State } from './sample-aws.ts';
import { type Call, type Operation, SampleError, type Service } from './services/operation.ts';
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
    const account = admit(request, credential, service, state.accounts, state.knobs.regions);
    if (operation === undefined) {
      state.unknown.push(`${service.name} ${request.method} ${request.url} ${params.get('Action') ?? ''}`);
      throw new SampleError(
        400,
        service.protocol === 'json' ? 'UnknownOperationException' : 'InvalidAction',
        'The action is not valid.',
      );
    }
    refuse(state, { service, operation, place, params, account });
    const call: Call = {
      account,
      region: credential.region,
      param: (name) => params.get(name) ?? undefined,
      regions: state.knobs.regions,
      items: (kind) => new Listing(account, kind, credential.region, state.knobs),
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
