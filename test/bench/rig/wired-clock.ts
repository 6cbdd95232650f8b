import { VirtualClock } from '../../simulation/virtual-clock.ts';

/** A virtual clock that stands still while something is really being waited for, as an answer over loopback. */
export class WiredClock extends VirtualClock {
  readonly #open = new Set<Promise<unknown>>();

  /** Waits for what takes no time of this clock. */
  async wait<T>(act: () => Promise<T>): Promise<T> {
    const waited = act();
    const ended = waited.then(
      () => undefined,
      () => undefined,
    );
    this.#open.add(ended);
    try {
      return await waited;
    } finally {
      this.#open.delete(ended);
    }
  }

  override async run(until: () => boolean, limit: number): Promise<boolean> {
    for (;;) {
      const held = await super.run(() => this.#open.size > 0 || until(), limit);
      if (this.#open.size === 0) return held;
      await Promise.race(this.#open);
    }
  }
}
