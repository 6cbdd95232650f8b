import type { Adapters, PortsOf } from '../runtime/adapter.ts';
import type { CapabilityName } from '../runtime/capabilities.ts';
import type { Stage } from './stages.ts';

type Handler = () => Promise<void>;

/** The only way to make a handler that EventBridge starts: its ports are within the stage's `needs`. */
export function scheduleHandler<S extends Stage, A extends Adapters<S['needs'][number]>>(
  _stage: S,
  adapters: A,
  handle: (ports: PortsOf<A>) => Promise<void>,
): Handler;
export function scheduleHandler(
  _stage: Stage,
  adapters: Adapters<CapabilityName>,
  handle: (ports: Readonly<Record<string, unknown>>) => Promise<void>,
): Handler {
  return async () => {
    await handle(Object.fromEntries(Object.entries(adapters).map(([name, one]) => [name, one.open()])));
  };
}
