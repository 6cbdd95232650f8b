import type { CollectorFacts } from '../../functions/domain/cloud.ts';
import { stages } from '../../functions/sync/stages.ts';
import { DOCUMENTED, listOf } from './aws-lists.ts';
import { countIn } from './rig/skewed-account.ts';

/** Calls that one invocation makes at a time, as `functions/domain/collect.ts` has it. */
export const LANES = 64;

/** What no schedule can do better than, in milliseconds, each reason by itself. */
export interface Bound {
  readonly chain: number;
  readonly lanes: number;
  readonly buckets: number;
}

/** Whatever is scanned, the regions must be asked for first. */
const REGIONS_CALLS = 1;

export function boundOf(
  collectors: readonly CollectorFacts[],
  regions: readonly string[],
  { callMs, share }: { readonly callMs: number; readonly share: number },
): Bound {
  let chain = 0;
  let all = 0;
  const byBucket = new Map<string, number>();
  for (const { name, scope: kind, service } of collectors) {
    const { page, describe } = listOf(name);
    for (const scope of kind === 'region' ? regions : ['global']) {
      const count = countIn(listOf(name), scope);
      const pages = Math.max(1, Math.ceil(count / page));
      const describes = describe === undefined ? 0 : Math.ceil(count / describe);
      chain = Math.max(chain, pages + (describes > 0 ? 1 : 0));
      all += pages + describes;
      byBucket.set(`${service}@${scope}`, (byBucket.get(`${service}@${scope}`) ?? 0) + pages + describes);
    }
  }
  const waits = [...byBucket].map(([key, calls]) => {
    const quota = DOCUMENTED[key.split('@')[0] ?? ''];
    if (quota === undefined) return 0;
    const burst = Math.max(1, Math.floor(quota.burst * share));
    return (Math.max(0, calls - burst) / (quota.perSecond * share)) * 1000 + callMs;
  });
  const first = REGIONS_CALLS * callMs;
  return {
    chain: first + chain * callMs,
    lanes: first + (all / (LANES * stages.collectTask.source.maxConcurrency)) * callMs,
    buckets: first + Math.max(...waits),
  };
}

export const leastOf = ({ chain, lanes, buckets }: Bound): number => Math.max(chain, lanes, buckets);
