import { TokenBucket } from '../../token-bucket.ts';
import type { Knobs } from './knobs.ts';

/**
 * Rates that Google documents, by service: the sample's own statement of them, so that what a collector believes is held
 * against it.
 * @see https://cloud.google.com/asset-inventory/docs/quota (ListAssets: 100 a minute and project)
 */
const DOCUMENTED: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  cloudasset: { burst: 100, perSecond: 100 / 60 },
};

/** The token buckets of one running sample cloud: one for each project and service. */
export class Quotas {
  readonly #buckets = new Map<string, TokenBucket>();

  /** Whether a call is within its rate. */
  admits(knob: Knobs['buckets'], project: string, service: string): boolean {
    const rates = knob === 'none' ? {} : knob === 'documented' ? DOCUMENTED : knob;
    const rate = rates[service];
    if (rate === undefined) return true;
    const key = `${project}/${service}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(rate);
    this.#buckets.set(key, bucket);
    return bucket.take();
  }

  /** Full again, for instance because the knobs were turned. */
  reset(): void {
    this.#buckets.clear();
  }
}
