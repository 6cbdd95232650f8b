import { TokenBucket } from '../../token-bucket.ts';
import type { Knobs } from './knobs.ts';

/** @see https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
const GRAPH = { calls: 15, windowMs: 5000 };

/** How often principals have called: Resource Graph counts in windows, and says in each answer how many are left. */
export class Quotas {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #windows = new Map<string, { from: number; used: number }>();

  /** Whether a call is within its rate, and what is left. */
  take(knob: Knobs['buckets'], principal: string, service: string): { ok: boolean; left: number; resetMs: number } {
    const window = this.#windowOf(`${principal}/${service}`);
    const resetMs = Math.max(1, window.from + GRAPH.windowMs - performance.now());
    if (knob === 'documented' && service === 'resourcegraph') {
      const ok = window.used < GRAPH.calls;
      window.used += 1;
      return { ok, left: Math.max(0, GRAPH.calls - window.used), resetMs };
    }
    const rate = typeof knob === 'object' ? knob[service] : undefined;
    if (rate === undefined) return { ok: true, left: GRAPH.calls - 1, resetMs };
    const key = `${principal}/${service}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(rate);
    this.#buckets.set(key, bucket);
    return { ok: bucket.take(), left: 1, resetMs };
  }

  reset(): void {
    this.#buckets.clear();
    this.#windows.clear();
  }

  #windowOf(key: string): { from: number; used: number } {
    const now = performance.now();
    const known = this.#windows.get(key);
    if (known !== undefined && now < known.from + GRAPH.windowMs) return known;
    const fresh = { from: now, used: 0 };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

/** `hh:mm:ss`, up to the next second. */
export function clockOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
