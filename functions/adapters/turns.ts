/**
 * Lets only so many begin in one turn of the event loop, the others in the next ones, in the order they came. Who
 * begins computes at once: a write is packed, signed and sent. A crowd of them would hold up for long what has been
 * answered meanwhile, and the calls that follow from it; and it costs more than the same ones a few at a time.
 */
export class Turns {
  readonly #most: number;
  #begun = 0;
  #next: Promise<void> | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  async begin(): Promise<void> {
    while (this.#begun >= this.#most) await this.#nextTurn();
    this.#begun += 1;
    this.#nextTurn();
  }

  /** Resolves in the next turn, in which nobody has begun yet. */
  #nextTurn(): Promise<void> {
    this.#next ??= new Promise((done) =>
      setImmediate(() => {
        this.#begun = 0;
        this.#next = undefined;
        done();
      }),
    );
    return this.#next;
  }
}
