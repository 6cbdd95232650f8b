import type { Outcome } from './execution-environment.ts';
import type { Invocations } from './functions.ts';
import type { TokenClaims } from './tokens.ts';

/** How a twin is to run. */
export interface TwinOptions {
  /** Where the state lives; made where it is missing. One twin at a time. */
  readonly directory: string;
  /** Port of the HTTP API. Default 8080; 0: any that is free. */
  readonly port?: number;
  /** Begins with an empty state. */
  readonly fresh?: boolean;
  /** Deployment settings over the twin's own, `awsEndpoints` or `tokenJwksUrl` for instance. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Whether the clock ticks by itself. Default true. */
  readonly tick?: boolean;
  /** Whether queues are read from the start. Default true. */
  readonly consume?: boolean;
  /** Whether the gateway's rates hold. Default false; see `startHttpFront`. */
  readonly throttle?: boolean;
  /** Most execution environments of one function. Default 10; the others wait. */
  readonly maxEnvironments?: number;
  /** Functions to load before their first event. */
  readonly warm?: readonly string[];
  /** A synthesized template to run instead of this repository's stack. */
  readonly template?: unknown;
}

/** The deployed stack, on this machine. */
export interface Twin {
  readonly url: string;
  /** The URL under which our API's paths begin. */
  readonly apiUrl: string;
  /** A token for it; see `signToken`. */
  token(claims?: TokenClaims): Promise<string>;
  readonly endpoints: {
    readonly table: { readonly url: string; readonly name: string };
    /** `urls` by what the stack's source calls a queue (`tasks-aws`); by logical id in a template without paths. */
    readonly queues: { readonly url: string; readonly urls: Readonly<Record<string, string>> };
    readonly secrets: { readonly url: string };
    readonly logs: { readonly url: string };
  };
  /** Fires the schedules now and waits for them. @throws TickError */
  tick(): Promise<void>;
  /** Resolves once no invocation runs and no queue that is being read holds a message. */
  idle(): Promise<void>;
  /** Runs a function with an event, past the gateway and the queues. */
  invoke(functionName: string, event: unknown): Promise<Outcome>;
  /** Kills a function's environments in mid-call. @returns how many were at work. */
  kill(functionName: string): number;
  /** What became of each function's invocations. */
  invocations(): Readonly<Record<string, Invocations>>;
  /** How often each action was called on each secret: `GetSecretValue <name>` -> 2. */
  secretCalls(): Readonly<Record<string, number>>;
  /** Stops reading for a function; after it resolved no further message is taken. */
  pause(functionName: string): Promise<void>;
  resume(functionName: string): void;
  /** Ends everything at once; what was at work is killed, and its messages come again at the next start. */
  stop(): Promise<void>;
}
