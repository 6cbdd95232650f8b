import type { Key } from '../../functions/domain/keys.ts';

/** What one call does, for faults and traces. */
export interface Call {
  /** `update`, `remove`, `send`, `create secret`, … */
  readonly op: string;
  /** What it is about: a key, a queue, a secret's name. */
  readonly on: string;
  /** Whether the world is another one after it. */
  readonly effect: boolean;
  readonly key?: Key;
  /** The attributes that an update sets. */
  readonly sets?: readonly string[];
}

/** A call as a fault rule sees it. */
export interface Attempt extends Call {
  readonly process: Process;
  /** How many effects the whole world had before it. */
  readonly effects: number;
}

/**
 * What goes wrong with a call. `kill`: it is done, then the process is gone. `lost`: done, but the answer is lost, and
 * the SDK makes the same call again. `error`: done, and the caller is told that it was not. `refuse`: not done. `late`:
 * the process is gone at once, its call arrives so much later. `slow`: it takes so long.
 */
export type Fault =
  | { readonly is: 'kill' | 'lost' | 'error' | 'refuse' }
  | { readonly is: 'late' | 'slow'; readonly milliseconds: number };

export type FaultRule = (attempt: Attempt) => Fault | undefined;

/** The error that a fault gives a caller. */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';
}

/** One Lambda invocation, or one request of a user. Once it is gone it has no more effects and its promises stay open. */
export class Process {
  readonly id: string;
  /** Stage or endpoint. */
  readonly stage: string;
  /** The only tenant whose keys it may touch; undefined: any (the sweep). */
  readonly tenant: string | undefined;
  /** `<provider>/<job>/<task>` of a collect or fail-task invocation. */
  readonly task: string | undefined;
  readonly startedAt: number;
  #alive = true;
  readonly #gone = Promise.withResolvers<void>();

  constructor(given: Pick<Process, 'id' | 'stage' | 'tenant' | 'task' | 'startedAt'>) {
    this.id = given.id;
    this.stage = given.stage;
    this.tenant = given.tenant;
    this.task = given.task;
    this.startedAt = given.startedAt;
  }

  get alive(): boolean {
    return this.#alive;
  }
  /** Resolves when the process was killed or has ended. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  end(): void {
    this.#alive = false;
    this.#gone.resolve();
  }
}
