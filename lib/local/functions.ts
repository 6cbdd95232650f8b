import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { ExecutionEnvironment, type Outcome, PAYLOAD_LIMIT } from './execution-environment.ts';
import type { LogSink } from './lambda-log.ts';
import type { FunctionModel } from './model.ts';

/** What became of a function's invocations so far. */
export interface Invocations {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Execution environments that were made for it. */
  readonly coldStarts: number;
}

/** The event is larger than Lambda takes; nothing ran. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
}

/** The functions' environments, warm ones first. */
export class Functions extends EventEmitter<{ settled: [] }> {
  readonly #pools: ReadonlyMap<string, Pool>;
  #running = 0;

  /**
   * @param environment what every function's environment holds: keys and endpoints.
   * @param limit most environments of one function at a time. Beyond it events wait, where Lambda would throttle.
   */
  constructor(
    models: readonly FunctionModel[],
    environment: Readonly<Record<string, string>>,
    log: LogSink,
    limit: number,
  ) {
    super();
    const make = (model: FunctionModel) => () => new ExecutionEnvironment(model, environment, log);
    this.#pools = new Map(models.map((model) => [model.name, new Pool(make(model), limit)]));
  }

  /** Invocations that have not ended. */
  get running(): number {
    return this.#running;
  }

  /** Runs a function with an event. A failure of the function is an outcome. @throws RequestTooLargeError */
  async invoke(name: string, event: unknown): Promise<Outcome> {
    const json = JSON.stringify(event);
    if (Buffer.byteLength(json) > PAYLOAD_LIMIT)
      throw new RequestTooLargeError(`The event is larger than ${PAYLOAD_LIMIT} bytes.`);
    this.#running += 1;
    try {
      return await this.#pool(name).invoke(json);
    } finally {
      this.#running -= 1;
      // Whoever asked gets the outcome first, so that what it does about it counts as work that is still going on.
      setImmediate(() => this.emit('settled'));
    }
  }

  /** Makes environments ahead of the first event. */
  warm(name: string): void {
    this.#pool(name).warm();
  }

  /** Kills every environment of a function in mid-call. @returns how many were. */
  kill(name: string): number {
    return this.#pool(name).kill();
  }

  counts(): Readonly<Record<string, Invocations>> {
    return Object.fromEntries([...this.#pools].map(([name, pool]) => [name, pool.counts()]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  #pool(name: string): Pool {
    const pool = this.#pools.get(name);
    if (pool === undefined)
      throw new Error(`There is no function ${name}; there are ${[...this.#pools.keys()].join(', ')}.`);
    return pool;
  }
}

const STOPPED: Outcome = {
  ok: false,
  error: { errorType: 'Twin.Stopped', errorMessage: 'The local twin is stopping.' },
};

class Pool {
  readonly #make: () => ExecutionEnvironment;
  readonly #limit: number;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #busy = new Set<ExecutionEnvironment>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;
  readonly #counts = { started: 0, succeeded: 0, failed: 0, coldStarts: 0 };

  constructor(make: () => ExecutionEnvironment, limit: number) {
    this.#make = make;
    this.#limit = limit;
  }

  async invoke(event: string): Promise<Outcome> {
    const environment = await this.#free();
    if (environment === undefined) return STOPPED;
    this.#counts.started += 1;
    const outcome = await environment.run(event, randomUUID());
    this.#counts[outcome.ok ? 'succeeded' : 'failed'] += 1;
    this.#busy.delete(environment);
    this.#waiting.shift()?.();
    return outcome;
  }

  warm(): void {
    if (this.#all.size === 0) this.#add();
  }

  kill(): number {
    const killed = [...this.#busy];
    for (const environment of killed) environment.kill();
    return killed.length;
  }

  counts(): Invocations {
    return { ...this.#counts };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const environment of this.#all) environment.kill();
    await Promise.all([...this.#all].map((environment) => environment.ended));
  }

  /** @returns undefined once the pool is closed. */
  async #free(): Promise<ExecutionEnvironment | undefined> {
    while (!this.#closed) {
      const warm = [...this.#all].find((each) => each.usable && !this.#busy.has(each));
      const environment = warm ?? (this.#busy.size < this.#limit ? this.#add() : undefined);
      if (environment !== undefined) {
        this.#busy.add(environment);
        return environment;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
    // Those behind it are told as well.
    this.#waiting.shift()?.();
    return undefined;
  }

  #add(): ExecutionEnvironment {
    const environment = this.#make();
    this.#counts.coldStarts += 1;
    this.#all.add(environment);
    environment.ended.then(() => this.#all.delete(environment));
    return environment;
  }
}
