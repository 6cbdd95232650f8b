import { Entries } from './prints.ts';

/** A sorted run to look things up in, with one bit for each entry: whether it was met. */
export class Known {
  readonly entries: Entries;
  readonly #seen: Uint8Array;
  #met = 0;

  /** @param seen the bits of an earlier link, in base64; absent: nothing was met yet. */
  constructor(sorted: Entries, seen?: string) {
    this.entries = sorted;
    this.#seen = new Uint8Array(Math.ceil(sorted.length / 8));
    if (seen === undefined) return;
    this.#seen.set(Buffer.from(seen, 'base64').subarray(0, this.#seen.length));
    for (let n = 0; n < sorted.length; n += 1) if (this.isSeen(n)) this.#met += 1;
  }

  /** The place of an id, or -1. */
  find(high: number, low: number): number {
    let from = 0;
    let to = this.entries.length - 1;
    while (from <= to) {
      const middle = (from + to) >>> 1;
      const order = this.entries.high(middle) - high || this.entries.low(middle) - low;
      if (order === 0) return middle;
      if (order < 0) from = middle + 1;
      else to = middle - 1;
    }
    return -1;
  }

  isSeen(index: number): boolean {
    return ((this.#seen[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  see(index: number): void {
    if (this.isSeen(index)) return;
    this.#seen[index >>> 3] = (this.#seen[index >>> 3] ?? 0) | (1 << (index & 7));
    this.#met += 1;
  }

  /** Calls with the place of each that was met, or was not. */
  each(seen: boolean, act: (index: number) => void): void {
    for (let n = 0; n < this.entries.length; n += 1) if (this.isSeen(n) === seen) act(n);
  }

  /** How many were not met. */
  get missing(): number {
    return this.entries.length - this.#met;
  }

  get seen(): string {
    return Buffer.from(this.#seen).toString('base64');
  }
}

/** Entries in the order they came that can be looked up: what a scan met and its known run does not hold as it is. */
export class Fresh {
  readonly entries: Entries;
  #index: Int32Array;

  /** @param expected how many there will be at least: growing to that would leave as much garbage behind. */
  constructor(expected = 64) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(64, expected)));
    this.entries = new Entries(capacity);
    this.#index = new Int32Array(capacity * 2).fill(-1);
  }

  find(high: number, low: number): number {
    return this.#index[this.#slot(this.#index, high, low)] ?? -1;
  }

  /** Adds an entry, or replaces its content. */
  put(high: number, low: number, contentHigh: number, contentLow: number): void {
    const slot = this.#slot(this.#index, high, low);
    const at = this.#index[slot] ?? -1;
    if (at >= 0) {
      this.entries.setContent(at, contentHigh, contentLow);
      return;
    }
    this.#index[slot] = this.entries.length;
    this.entries.push(high, low, contentHigh, contentLow);
    if (this.entries.length * 2 > this.#index.length) this.#rehash();
  }

  #slot(index: Int32Array, high: number, low: number): number {
    // Ids are hashes: any of their bits spread well.
    let slot = (high ^ low) & (index.length - 1);
    for (;;) {
      const at = index[slot] ?? -1;
      if (at < 0 || (this.entries.high(at) === high && this.entries.low(at) === low)) return slot;
      slot = (slot + 1) & (index.length - 1);
    }
  }

  #rehash(): void {
    const index = new Int32Array(this.#index.length * 2).fill(-1);
    for (let n = 0; n < this.entries.length; n += 1) {
      index[this.#slot(index, this.entries.high(n), this.entries.low(n))] = n;
    }
    this.#index = index;
  }
}
