import type { Clock } from '../../functions/domain/ports.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Lets everything run that can run without time going on: promises of any depth. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that goes on only when nothing is left to do: to the next timer, in the order they were set. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #heap: Timer[] = [];

  /** @param start milliseconds since 1970. */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => this.at(this.#now + milliseconds, resolve));
  }

  /** Calls back at a time; at the next turn where that has passed. */
  at(time: number, fire: () => void): void {
    // Whole milliseconds, as the machine's own clock has them.
    const timer = { at: Math.max(Math.ceil(time), this.#now), order: this.#order++, fire };
    this.#heap.push(timer);
    this.#up(this.#heap.length - 1);
  }

  /** Lets time go on until the condition holds or the time is over. @returns whether the condition held. */
  async run(until: () => boolean, limit: number): Promise<boolean> {
    for (;;) {
      await drained();
      if (until()) return true;
      const next = this.#heap[0];
      if (next === undefined || next.at > limit) {
        this.#now = Math.max(this.#now, limit);
        return false;
      }
      this.#pop();
      this.#now = next.at;
      next.fire();
    }
  }

  #before(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return false;
    return x.at < y.at || (x.at === y.at && x.order < y.order);
  }

  #swap(a: number, b: number): void {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [at * 2 + 1, at * 2 + 2];
      let least = at;
      if (this.#before(left, least)) least = left;
      if (this.#before(right, least)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }
}
