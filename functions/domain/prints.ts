/** Bytes of an entry in the table: 8 of the hash of the external id, 8 of the hash of the content. */
export const ENTRY_BYTES = 16;

/**
 * Fingerprints in two flat arrays: what a scan holds of resources that it does not keep. An id and a content are two
 * 32-bit words each. A content of zero marks a resource that is gone.
 */
export class Entries {
  #ids: Uint32Array<ArrayBuffer>;
  #contents: Uint32Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 64) {
    this.#ids = new Uint32Array(capacity * 2);
    this.#contents = new Uint32Array(capacity * 2);
  }

  high(index: number): number {
    return this.#ids[index * 2] ?? 0;
  }
  low(index: number): number {
    return this.#ids[index * 2 + 1] ?? 0;
  }
  /** Id and content as four words, as `push` takes them. */
  words(index: number): readonly [number, number, number, number] {
    const at = index * 2;
    return [this.high(index), this.low(index), this.#contents[at] ?? 0, this.#contents[at + 1] ?? 0];
  }
  isGone(index: number): boolean {
    return this.#contents[index * 2] === 0 && this.#contents[index * 2 + 1] === 0;
  }
  hasContent(index: number, high: number, low: number): boolean {
    return this.#contents[index * 2] === high && this.#contents[index * 2 + 1] === low;
  }
  setContent(index: number, high: number, low: number): void {
    this.#contents[index * 2] = high;
    this.#contents[index * 2 + 1] = low;
  }

  push(high: number, low: number, contentHigh: number, contentLow: number): void {
    if (this.length * 2 === this.#ids.length) this.#grow();
    this.#ids[this.length * 2] = high;
    this.#ids[this.length * 2 + 1] = low;
    this.setContent(this.length, contentHigh, contentLow);
    this.length += 1;
  }

  /** Appends another's entry. */
  take(other: Entries, index: number): void {
    this.push(...other.words(index));
  }

  /**
   * Places of the entries from one on, in the order of their ids. Ids are hashes, so that their first bits alone put
   * nearly each where it belongs; a sort with a comparison would hold every place twice more, as a number of the heap.
   */
  order(from = 0): Uint32Array {
    const bits = Math.min(20, Math.max(1, Math.ceil(Math.log2(this.length - from + 1))));
    const bucketOf = (place: number): number => this.high(place) >>> (32 - bits);
    const starts = new Uint32Array(2 ** bits + 1);
    for (let n = from; n < this.length; n += 1) starts[bucketOf(n) + 1] = (starts[bucketOf(n) + 1] ?? 0) + 1;
    for (let b = 1; b < starts.length; b += 1) starts[b] = (starts[b] ?? 0) + (starts[b - 1] ?? 0);
    const order = new Uint32Array(this.length - from);
    for (let n = from; n < this.length; n += 1) {
      const bucket = bucketOf(n);
      order[starts[bucket] ?? 0] = n;
      starts[bucket] = (starts[bucket] ?? 0) + 1;
    }
    // Those that share their first bits are neighbours now.
    for (let n = 1; n < order.length; n += 1) {
      const place = order[n] ?? 0;
      let to = n;
      for (; to > 0 && compare(this, order[to - 1] ?? 0, this, place) > 0; to -= 1) order[to] = order[to - 1] ?? 0;
      order[to] = place;
    }
    return order;
  }

  /** The same entries in the order of their ids. */
  sorted(): Entries {
    const sorted = new Entries(Math.max(1, this.length));
    for (const index of this.order()) sorted.take(this, index);
    return sorted;
  }

  /** As the table keeps a part of them: the ids, then the contents, in the machine's (little) byte order. */
  encode(from: number, to: number): Uint8Array {
    const bytes = new Uint8Array((to - from) * ENTRY_BYTES);
    const words = new Uint32Array(bytes.buffer);
    words.set(this.#ids.subarray(from * 2, to * 2));
    words.set(this.#contents.subarray(from * 2, to * 2), (to - from) * 2);
    return bytes;
  }

  /** Appends what `encode` made. */
  decode(bytes: Uint8Array): void {
    const words = new Uint32Array(Uint8Array.from(bytes).buffer);
    const count = words.length / 4;
    for (let n = 0; n < count; n += 1) {
      this.push(words[n * 2] ?? 0, words[n * 2 + 1] ?? 0, words[(count + n) * 2] ?? 0, words[(count + n) * 2 + 1] ?? 0);
    }
  }

  #grow(): void {
    const ids = new Uint32Array(this.#ids.length * 2);
    ids.set(this.#ids);
    const contents = new Uint32Array(ids.length);
    contents.set(this.#contents);
    this.#ids = ids;
    this.#contents = contents;
  }
}

/** Entries in the order of their ids, as places in an array that need not be in that order, or not all of it. */
export interface Sequence {
  readonly entries: Entries;
  /** Absent: as they lie. */
  readonly order?: Uint32Array;
}

const lengthOf = ({ entries, order }: Sequence): number => order?.length ?? entries.length;
const placeIn = ({ order }: Sequence, n: number): number => order?.[n] ?? n;

/** Two sorted runs as one: where both name an id the later stands, and what it calls gone is left out. */
export function merge(earlier: Entries, later: Entries): Entries {
  const whole = Math.max(1, earlier.length + later.length);
  const [merged = new Entries()] = mergedParts({ entries: earlier }, { entries: later }, whole);
  return merged;
}

/** The same in parts of so many entries, so that what is only to be written need not be in memory once more. */
export function* mergedParts(earlier: Sequence, later: Sequence, size: number): Generator<Entries> {
  let part = new Entries(size);
  let a = 0;
  let b = 0;
  while (a < lengthOf(earlier) || b < lengthOf(later)) {
    const [x, y] = [placeIn(earlier, a), placeIn(later, b)];
    const order =
      a === lengthOf(earlier) ? 1 : b === lengthOf(later) ? -1 : compare(earlier.entries, x, later.entries, y);
    if (order < 0) {
      part.take(earlier.entries, x);
      a += 1;
    } else {
      if (!later.entries.isGone(y)) part.take(later.entries, y);
      b += 1;
      if (order === 0) a += 1;
    }
    if (part.length < size) continue;
    yield part;
    part = new Entries(size);
  }
  if (part.length > 0) yield part;
}

/** A sequence in parts of so many entries; what it calls gone stays in it. */
export function* partsOf(sequence: Sequence, size: number): Generator<Entries> {
  for (let from = 0; from < lengthOf(sequence); from += size) {
    const part = new Entries(size);
    const to = Math.min(lengthOf(sequence), from + size);
    for (let n = from; n < to; n += 1) part.take(sequence.entries, placeIn(sequence, n));
    yield part;
  }
}

function compare(a: Entries, at: number, b: Entries, bt: number): number {
  return a.high(at) - b.high(bt) || a.low(at) - b.low(bt);
}

/** The first 8 of these bytes as two words, high first. */
export function wordsOf(bytes: Uint8Array): readonly [number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = bytes;
  return [((a << 24) | (b << 16) | (c << 8) | d) >>> 0, ((e << 24) | (f << 16) | (g << 8) | h) >>> 0];
}
