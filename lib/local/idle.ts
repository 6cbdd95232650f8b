import { EventEmitter } from 'node:events';
import type { Functions } from './functions.ts';
import type { Poller } from './poller.ts';
import type { Queues } from './queues.ts';

/** Knows when nothing is left to do, without ever asking the clock. */
export class Idle {
  readonly #changes = new EventEmitter<{ change: [] }>();
  readonly #functions: Functions;
  readonly #queues: Queues;
  readonly #pollers: () => readonly Poller[];

  constructor(functions: Functions, queues: Queues, pollers: () => readonly Poller[]) {
    this.#functions = functions;
    this.#queues = queues;
    this.#pollers = pollers;
    this.#changes.setMaxListeners(0);
    functions.on('settled', this.changed);
  }

  /** To be called whenever there may be less to do than before. */
  readonly changed = (): void => {
    this.#changes.emit('change');
  };

  /** Resolves once no invocation runs and no queue that is being read holds a message, visible or not. */
  async reached(): Promise<void> {
    while (!this.#isIdle()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#changes.once('change', resolve);
      await promise;
    }
  }

  #isIdle(): boolean {
    const empty = (queue: string): boolean => {
      const { visible, delayed, inFlight } = this.#queues.depth(queue);
      return visible + delayed + inFlight === 0;
    };
    const pollers = this.#pollers();
    return this.#functions.running === 0 && pollers.every((each) => !each.busy && (!each.polling || empty(each.queue)));
  }
}
