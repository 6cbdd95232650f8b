/**
 * Runs at most so many calls at a time, and of one key at most so many, so that what is slow there does not hold the
 * others back; those that wait go in the order they came.
 */
export class Lanes {
  #free: number;
  readonly #perKey: number;
  readonly #busy = new Map<string, number>();
  readonly #waiting: { readonly key: string; readonly go: () => void }[] = [];

  constructor(lanes: number, perKey: number = lanes) {
    this.#free = lanes;
    this.#perKey = perKey;
  }

  async run<T>(key: string, call: () => Promise<T>): Promise<T> {
    if (this.#mayGo(key)) this.#take(key);
    else await new Promise<void>((go) => this.#waiting.push({ key, go }));
    try {
      return await call();
    } finally {
      this.#give(key);
    }
  }

  #mayGo(key: string): boolean {
    return this.#free > 0 && (this.#busy.get(key) ?? 0) < this.#perKey;
  }

  #take(key: string): void {
    this.#free -= 1;
    this.#busy.set(key, (this.#busy.get(key) ?? 0) + 1);
  }

  /** The lane is handed on here and now, so that nobody can slip in before who waits. */
  #give(key: string): void {
    this.#free += 1;
    this.#busy.set(key, (this.#busy.get(key) ?? 1) - 1);
    const next = this.#waiting.findIndex((one) => this.#mayGo(one.key));
    const [one] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (one === undefined) return;
    this.#take(one.key);
    one.go();
  }
}
