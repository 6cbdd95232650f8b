import type { CollectorFacts, Failure } from '../../../functions/domain/cloud.ts';
import type { Clock } from '../../../functions/domain/ports.ts';
import { TokenBucket } from '../../../lib/local/token-bucket.ts';

/** A rate as a cloud documents it: so many calls at once, and so many a second after that. */
export interface DocumentedRate {
  readonly burst: number;
  readonly perSecond: number;
}

class ThrottledError extends Error {
  override readonly name = 'ThrottlingException';
}
const THROTTLED: Failure = { outcome: 'throttled', code: 'ThrottlingException', retryable: true };

/** The calls to a cloud on a clock: each takes its time and a token of its bucket, and is counted. */
export class TimedCalls {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #rates: Readonly<Record<string, DocumentedRate>>;
  readonly #buckets = new Map<string, TokenBucket>();
  calls = 0;
  throttles = 0;
  /** The most that were in flight together. */
  most = 0;
  #open = 0;

  /** @param milliseconds of one call. @param rates by bucket; a bucket that is not there never throttles. */
  constructor(clock: Clock, milliseconds: number, rates: Readonly<Record<string, DocumentedRate>>) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#rates = rates;
  }

  /** One call. @throws an error that `classify` calls throttled, where it is over the rate. */
  async call(bucket: string, scope: string): Promise<void> {
    this.calls += 1;
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    const fits = this.#bucketOf(bucket, scope).take();
    await this.#clock.sleep(this.#milliseconds);
    this.#open -= 1;
    if (fits) return;
    this.throttles += 1;
    throw new ThrottledError('Rate exceeded');
  }

  #bucketOf(bucket: string, scope: string): TokenBucket {
    const key = `${bucket}@${scope}`;
    const made = this.#buckets.get(key) ?? new TokenBucket(this.#rates[bucket] ?? {}, () => this.#clock.now());
    this.#buckets.set(key, made);
    return made;
  }
}

/** What an error of a timed call means; any other is for the cloud to say. */
export function classifyTimed(
  error: unknown,
  collector: CollectorFacts,
  otherwise: (error: unknown, collector: CollectorFacts) => Failure,
): Failure {
  return error instanceof ThrottledError ? THROTTLED : otherwise(error, collector);
}
