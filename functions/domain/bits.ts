/** A fixed number of bits, as text in base64. */
export class Bits {
  readonly #bytes: Uint8Array;

  /** @param text what `toString` gave; absent: none is set. */
  constructor(size: number, text?: string) {
    this.#bytes = new Uint8Array(Math.ceil(size / 8));
    if (text !== undefined) this.#bytes.set(Buffer.from(text, 'base64').subarray(0, this.#bytes.length));
  }

  has(index: number): boolean {
    return ((this.#bytes[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  add(index: number): void {
    this.#bytes[index >>> 3] = (this.#bytes[index >>> 3] ?? 0) | (1 << (index & 7));
  }

  toString(): string {
    return Buffer.from(this.#bytes).toString('base64');
  }
}
