import { stages } from '../../functions/sync/stages.ts';
import type { Case } from './cases.ts';
import { callsOf } from './list-calls.ts';

/** Calls that one invocation makes at a time, as `functions/domain/collect.ts` has it. */
export const LANES = 64;

/** What no schedule can do better than, in milliseconds, each reason by itself. */
export interface Bound {
  readonly chain: number;
  readonly lanes: number;
  readonly buckets: number;
}

export function boundOf({ collectors, scopes, lists, rates, callMs, share, atATime }: Case): Bound {
  let chain = 0;
  let all = 0;
  const byBucket = new Map<string, number>();
  for (const facts of collectors) {
    for (const scope of scopes.byKind[facts.scope] ?? []) {
      for (const { shape, held, bucket } of lists(facts, scope)) {
        const one = callsOf(shape, held);
        chain = Math.max(chain, one.chain);
        all += one.calls;
        byBucket.set(`${bucket}@${scope}`, (byBucket.get(`${bucket}@${scope}`) ?? 0) + one.calls);
      }
    }
  }
  const waits = [...byBucket].map(([key, calls]) => {
    const rate = rates[key.slice(0, key.lastIndexOf('@'))];
    if (rate === undefined) return 0;
    const burst = Math.max(1, Math.floor(rate.burst * share));
    return (Math.max(0, calls - burst) / (rate.perSecond * share)) * 1000 + callMs;
  });
  // Where the scopes are to be asked for, that call comes before all others.
  const first = scopes.fixed === true ? 0 : callMs;
  return {
    chain: first + chain * callMs,
    lanes: first + (all / (atATime ?? LANES * stages.collectTask.source.maxConcurrency)) * callMs,
    buckets: first + Math.max(0, ...waits),
  };
}

export const leastOf = ({ chain, lanes, buckets }: Bound): number => Math.max(chain, lanes, buckets);
