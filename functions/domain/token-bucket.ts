import type { Quota } from './cloud.ts';
import { OutOfTimeError } from './errors.ts';
import type { Clock } from './ports.ts';

/** Calls a second that a service without a documented quota is slowed down to when it throttles for the first time. */
const FIRST_RATE = 10;
const LEAST_RATE = 0.5;
/** A throttle within this time of the last halving is of the calls that were in flight then. Milliseconds. */
const ONE_THROTTLE_MS = 1000;

/**
 * Our share of a cloud's quota for one (account, service, scope), on the clock. The rate is halved on a throttle and
 * grows back by a tenth of itself with each second that brings none, up to the share; without a documented quota
 * nothing is held back until the first throttle, and not again once that has worn off.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #burst: number;
  #rate: number;
  #tokens: number;
  #at: number;
  #slowedAt = Number.NEGATIVE_INFINITY;

  /** @param share of the quota, above 0 and up to 1. @param full whether its burst is there yet. */
  constructor(clock: Clock, quota: Quota | undefined, share: number, full: boolean) {
    this.#clock = clock;
    this.#most = (quota?.perSecond ?? Number.POSITIVE_INFINITY) * share;
    this.#burst = Math.max(1, Math.floor((quota?.burst ?? Number.POSITIVE_INFINITY) * share));
    this.#rate = this.#most;
    this.#tokens = full ? this.#burst : Math.min(1, this.#burst);
    this.#at = clock.now();
  }

  /**
   * Waits until a call may be made. @param deadline milliseconds since 1970.
   * @throws OutOfTimeError at once, where that would be later.
   */
  async take(deadline: number): Promise<void> {
    this.#refill();
    if (this.#rate === Number.POSITIVE_INFINITY) return;
    // Below zero: the place in the queue of those who wait.
    const wait = ((1 - this.#tokens) / this.#rate) * 1000;
    if (wait > 0 && this.#clock.now() + wait > deadline) throw new OutOfTimeError();
    this.#tokens -= 1;
    if (wait > 0) await this.#clock.sleep(wait);
  }

  /** The cloud refused a call for its rate. */
  throttled(): void {
    this.#refill();
    const now = this.#clock.now();
    if (now - this.#slowedAt < ONE_THROTTLE_MS) return;
    this.#slowedAt = now;
    this.#rate = Math.max(LEAST_RATE, (this.#rate === Number.POSITIVE_INFINITY ? FIRST_RATE * 2 : this.#rate) / 2);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #refill(): void {
    const now = this.#clock.now();
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    if (this.#rate === Number.POSITIVE_INFINITY) return;
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#rate);
    this.#rate = Math.min(this.#most, this.#rate * 1.1 ** seconds);
    const unlimited = this.#most === Number.POSITIVE_INFINITY && this.#rate > FIRST_RATE * 10;
    if (unlimited) this.#rate = Number.POSITIVE_INFINITY;
  }
}
