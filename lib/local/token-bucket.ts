/** The rate of a route: so many a second, and so many at once. */
export interface Rate {
  readonly perSecond?: number | undefined;
  readonly burst?: number | undefined;
}

/** A token bucket as API Gateway's throttle is one; without a rate it never empties. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  /** @param now the clock, in milliseconds. */
  constructor({ perSecond, burst }: Rate, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond ?? Number.POSITIVE_INFINITY;
    this.#burst = burst ?? perSecond ?? Number.POSITIVE_INFINITY;
    this.#now = now;
    this.#tokens = this.#burst;
    this.#at = now();
  }

  /** Whether one more is allowed now. */
  take(): boolean {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return true;
    const now = this.#now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
