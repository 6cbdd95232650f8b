import { setTimeout as sleep } from 'node:timers/promises';
import { admit } from './admit.ts';
import { Listing } from './inventory/listing.ts';
import { isAt, type Place } from './knobs.ts';
import { pageOf } from './pages.ts';
import { findOperation, listOf, protocolOf, readParams } from './params.ts';
import { type Written, writeAnswer, writeError } from './protocols.ts';
import { refuse } from './refusals.ts';
import type { State } from './sample-aws.ts';
import { type Call, SampleError, type Service } from './services/operation.ts';
import { services } from './services/registered.ts';
import { readCredential, type Signed } from './signature.ts';

/** Answers one signed request, or nothing where it is to hang. */
export async function answer(state: State, request: Signed): Promise<Written | undefined> {
  const credential = readCredential(request.headers);
  const service = findService(credential?.service, request);
  if (credential === undefined || service === undefined) {
    state.unknown.push(`${credential?.service ?? 'unsigned'} ${request.method} ${request.url}`);
    return writeError(
      'query',
      403,
      'MissingAuthenticationToken',
      'The request is not signed for a service known here.',
    );
  }
  const protocol = protocolOf(service, request);
  const params = readParams(protocol, request);
  const operation = findOperation(service, protocol, request, params);
  const place: Place = { service: service.name, region: credential.region, operation: operation?.name ?? 'unknown' };
  const ended = (outcome: string, written: Written): Written => {
    state.calls.push({ ...place, outcome });
    // JSON 1.0 and 1.1 differ in nothing but their name: the answer bears the request's.
    return protocol === 'json' ? { ...written, type: request.headers['content-type'] ?? written.type } : written;
  };
  try {
    if (state.knobs.latencyMs > 0) await sleep(state.knobs.latencyMs);
    if (state.knobs.hang.some((knob) => isAt(knob, place))) return undefined;
    const account = admit(request, credential, service, state.accounts, state.knobs.regions);
    if (operation === undefined) {
      state.unknown.push(`${service.name} ${request.method} ${request.url} ${params.get('Action') ?? ''}`);
      throw new SampleError(
        400,
        protocol === 'json' ? 'UnknownOperationException' : 'InvalidAction',
        'The action is not valid.',
      );
    }
    refuse(state, { service, operation, place, params, account });
    const call: Call = {
      account,
      region: credential.region,
      param: (name) => params.get(name) ?? undefined,
      list: (name) => listOf(params, name),
      body: request.body,
      knobs: state.knobs,
      regions: state.knobs.regions,
      items: (kind, region = credential.region) => new Listing(account, kind, region, state.knobs),
      page: (items, limits) =>
        pageOf(
          items,
          limits,
          state.knobs.loopToken.some((knob) => isAt(knob, place)),
        ),
    };
    return ended('ok', writeAnswer(protocol, operation.name, service.namespace, operation.run(call)));
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    const written = writeError(protocol, error.status, error.code, error.message);
    const before = service.queryCodes?.[error.code];
    const header = before === undefined ? {} : { 'x-amzn-query-error': `${before};Sender` };
    return ended(error.code, { ...written, headers: { ...written.headers, ...header } });
  }
}

/** One name may sign for several APIs: the request then says which by its version. */
function findService(name: string | undefined, request: Signed): Service | undefined {
  const [first, ...others] = services.filter((one) => one.name === name);
  if (first === undefined || others.length === 0) return first;
  const version = readParams(first.protocol, request).get('Version');
  return [first, ...others].find((one) => one.version === version);
}
