import { type Adapters, openAll, type PortsOf } from '../runtime/adapter.ts';
import type { CapabilityName } from '../runtime/capabilities.ts';
import { type Machine, machine as realMachine } from '../runtime/machine.ts';
import type { Stage } from './stages.ts';

type Handler = (event?: unknown) => Promise<void>;

/** A handler as EventBridge starts it; `over` gives the same one over other ports, on another machine. */
export type ScheduleHandler<P> = Handler & { over(ports: P, machine: Machine): Handler };

/** The only way to make a handler that EventBridge starts: its ports are within the stage's `needs`. */
export function scheduleHandler<S extends Stage, A extends Adapters<S['needs'][number]>>(
  _stage: S,
  adapters: A,
  handle: (ports: PortsOf<A> & Machine, event: unknown) => Promise<void>,
): ScheduleHandler<PortsOf<A>>;
export function scheduleHandler(
  _stage: Stage,
  adapters: Adapters<CapabilityName>,
  handle: (ports: Readonly<Record<string, unknown>> & Machine, event: unknown) => Promise<void>,
): ScheduleHandler<Readonly<Record<string, unknown>>> {
  return Object.assign(async (event?: unknown) => handle({ ...openAll(adapters), ...realMachine }, event), {
    over: (ports: Readonly<Record<string, unknown>>, machine: Machine) => async (event?: unknown) =>
      handle({ ...ports, ...machine }, event),
  });
}
