import { isAt, type Place } from './knobs.ts';
import { pageNumber } from './pages.ts';
import type { State } from './sample-aws.ts';
import { type Operation, SampleError, type Service } from './services/operation.ts';

/** An admitted call, before it is answered. */
export interface Asked {
  readonly service: Service;
  readonly operation: Operation;
  readonly place: Place;
  readonly params: URLSearchParams;
  readonly account: { readonly accountId: string; readonly userArn: string };
}

/** What the knobs refuse, in the service's own words. @throws SampleError */
export function refuse(state: State, { service, operation, place, params, account }: Asked): void {
  const { knobs } = state;
  if (knobs.unsupported.some((knob) => isAt(knob, place))) {
    throw new SampleError(400, 'OptInRequired', 'The service is not available in this region for your account.');
  }
  if (knobs.down.some((knob) => isAt(knob, place))) {
    throw new SampleError(503, 'ServiceUnavailable', 'The service is unavailable. Please try again.');
  }
  const { throttle, denied } = service;
  const fits = state.quotas.admits(knobs.buckets, account.accountId, place.service, place.region);
  if (!fits || isThrottled(state, place)) throw new SampleError(throttle.status, throttle.code, 'Rate exceeded');
  for (const knob of knobs.deny) {
    if (!isAt(knob, place) || pageNumber(params) <= (knob.afterPage ?? 0)) continue;
    const action = operation.permission ?? `${service.name}:${operation.name}`;
    const why =
      knob.by === 'scp'
        ? 'with an explicit deny in a service control policy'
        : `because no identity-based policy allows the ${action} action`;
    const text = `You are not authorized to perform this operation. User: ${account.userArn} is not authorized to perform: ${action} ${why}`;
    throw new SampleError(denied.status, denied.code, text);
  }
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
