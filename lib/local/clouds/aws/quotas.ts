import { TokenBucket } from '../../token-bucket.ts';
import type { Knobs } from './knobs.ts';

/**
 * Rates that AWS documents, by service: the sample's own statement of them, so that what a collector believes is held
 * against it.
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (non-mutating actions)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (control plane)
 */
const DOCUMENTED: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  ec2: { burst: 100, perSecond: 20 },
  lambda: { burst: 15, perSecond: 15 },
};

/** The token buckets of one running sample cloud: one for each account, service and region. */
export class Quotas {
  readonly #buckets = new Map<string, TokenBucket>();

  /** Whether a call is within its rate. */
  admits(knob: Knobs['buckets'], account: string, service: string, region: string): boolean {
    const rates = knob === 'none' ? {} : knob === 'documented' ? DOCUMENTED : knob;
    const rate = rates[service];
    if (rate === undefined) return true;
    const key = `${account}/${service}/${region}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(rate);
    this.#buckets.set(key, bucket);
    return bucket.take();
  }

  /** Full again, for instance because the knobs were turned. */
  reset(): void {
    this.#buckets.clear();
  }
}
