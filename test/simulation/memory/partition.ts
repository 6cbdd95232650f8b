import { compareText, type Stored } from './values.ts';

/** An item and what it weighs, so that nothing is measured twice. */
export interface Kept {
  readonly item: Stored;
  readonly bytes: number;
}

/** The items of one partition key, in the order of their sort keys. */
export class Partition {
  readonly items: Map<string, Kept>;
  #sorted: string[] = [];
  #added: string[] = [];

  constructor(from?: Partition) {
    this.items = new Map(from?.items);
    this.#added = [...this.items.keys()];
  }

  put(sk: string, kept: Kept): void {
    if (!this.items.has(sk)) this.#added.push(sk);
    this.items.set(sk, kept);
  }

  delete(sk: string): void {
    if (!this.items.delete(sk)) return;
    this.#sorted = this.#keys().filter((one) => one !== sk);
  }

  /** Sort keys that begin so, in order, or the other way round; with `after`, only those behind it. */
  *range(beginning: string, after: string | undefined, newestFirst: boolean): Generator<string> {
    const keys = this.#keys();
    let from = this.#place(beginning, false);
    let to = from;
    // The last code point there is: everything that begins so stands before it.
    to = beginning === '' ? keys.length : this.#place(`${beginning}\u{10ffff}`, true);
    if (after !== undefined && newestFirst) to = Math.min(to, this.#place(after, false));
    if (after !== undefined && !newestFirst) from = Math.max(from, this.#place(after, true));
    for (let n = 0; n < to - from; n += 1) {
      const key = keys[newestFirst ? to - 1 - n : from + n];
      if (key !== undefined) yield key;
    }
  }

  /** How many keys stand before this one; `including` it. */
  #place(key: string, including: boolean): number {
    const keys = this.#keys();
    let [from, to] = [0, keys.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const order = compareText(keys[middle] ?? '', key);
      if (order < 0 || (including && order === 0)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #keys(): readonly string[] {
    if (this.#added.length === 0) return this.#sorted;
    const added = this.#added.sort(compareText);
    const sorted = this.#sorted;
    const merged: string[] = [];
    let [a, b] = [0, 0];
    while (a < sorted.length || b < added.length) {
      const [x, y] = [sorted[a], added[b]];
      if (y === undefined || (x !== undefined && compareText(x, y) < 0)) {
        if (x !== undefined) merged.push(x);
        a += 1;
      } else {
        merged.push(y);
        b += 1;
      }
    }
    this.#added = [];
    this.#sorted = merged;
    return merged;
  }
}
