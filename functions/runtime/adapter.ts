import type { CapabilityName } from './capabilities.ts';

/**
 * How a port is had: the capability that gives environment and grant for it, and how to open it. A registry's `needs`
 * lists the capabilities of a function; using an adapter whose capability is not among them does not compile.
 */
export interface Adapter<N extends CapabilityName, P> {
  readonly capability: N;
  /** Reads the settings and makes the client; called once per execution environment, on first use. */
  open(): P;
}

/** A named set of adapters, all within the capabilities `N`. */
export type Adapters<N extends CapabilityName> = Readonly<Record<string, Adapter<N, unknown>>>;

/** The ports that a set of adapters opens to. */
export type PortsOf<A> = { readonly [K in keyof A]: A[K] extends { open(): infer P } ? P : never };

/** Declares an adapter; its port is opened once, whoever asks. */
export function adapter<N extends CapabilityName, P>(capability: N, open: () => P): Adapter<N, P> {
  let port: { readonly value: P } | undefined;
  return {
    capability,
    open: () => {
      port ??= { value: open() };
      return port.value;
    },
  };
}

/** The ports of a set of adapters. */
export function openAll(adapters: Adapters<CapabilityName>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(adapters).map(([name, one]) => [name, one.open()]));
}
