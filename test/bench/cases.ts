import type { CloudSession, CollectorFacts, Scopes } from '../../functions/domain/cloud.ts';
import { scopesOf } from '../../functions/providers/planning.ts';
import { collectorsOf } from '../../functions/providers/registered.ts';
import type { LinkValue } from '../../functions/runtime/links.ts';
import { ENABLED_REGIONS } from '../../lib/local/clouds/aws/accounts.ts';
import type { SampleCloud } from '../../lib/local/clouds/sample-cloud.ts';
import { AWS_RATES, listOf } from './aws-lists.ts';
import { type BenchCloud, countOf, type ListToRead, resize } from './clouds/bench-cloud.ts';
import { callsOf } from './list-calls.ts';
import { byKindIn } from './rig/sample-rig.ts';
import { heldIn, SkewedAccount } from './rig/skewed-account.ts';
import { type DocumentedRate, TimedCalls } from './rig/timed-calls.ts';
import { WiredAccount } from './rig/wired-account.ts';
import type { WiredClock } from './rig/wired-clock.ts';

/** An account on a clock, its calls counted. */
export type TimedAccount = CloudSession & { readonly timed: TimedCalls; close(): void };

/** An account, and the conditions that all schedules of it run under. */
export interface Case {
  /** What it is, in a measure's name. */
  readonly name: string;
  readonly collectors: readonly CollectorFacts[];
  readonly scopes: Scopes;
  /** Milliseconds of one call to the cloud. */
  readonly callMs: number;
  /** Of each documented rate that is taken. */
  readonly share: number;
  /** Rates that the cloud documents, by bucket. */
  readonly rates: Readonly<Record<string, DocumentedRate>>;
  /** Calls that it may be asked at a time; absent: as many as there are lanes. */
  readonly atATime?: number;
  lists(facts: CollectorFacts, scope: string): readonly ListToRead[];
  open(clock: WiredClock): TimedAccount;
  /** Settings that its session needs beside the share. */
  readonly settings?: Partial<LinkValue<'clouds'>>;
}

/** The fewest calls that read the account of a case whole, but for the list of its scopes. */
export const fewestOf = ({ collectors, scopes, lists }: Case): number =>
  collectors
    .flatMap((facts) => (scopes.byKind[facts.scope] ?? []).flatMap((scope) => lists(facts, scope)))
    .reduce((sum, { shape, held }) => sum + callsOf(shape, held).calls, 0);

/** The conditions of a case. */
export type Conditions = Pick<Case, 'callMs' | 'share'>;

/** A large account of skewed size with every registered type of AWS, but for those that are left out. */
export function skewedAws({ callMs, share }: Conditions, without: readonly string[] = []): Case {
  const collectors = collectorsOf('aws').filter(({ name }) => !without.includes(name));
  const types = collectors.reduce((n, facts) => n + (listOf(facts).together === undefined ? 1 : facts.types.length), 0);
  return {
    name: `${types} types of AWS in ${ENABLED_REGIONS.length} regions${without.length > 0 ? `, without ${without.join(', ')}` : ''}`,
    collectors,
    scopes: {
      byKind: byKindIn(ENABLED_REGIONS),
      primary: 'us-east-1',
    },
    callMs,
    share,
    rates: AWS_RATES,
    lists(facts, scope) {
      const list = listOf(facts);
      return [{ shape: list, held: heldIn(list, scope), bucket: list.bucket }];
    },
    open: (clock) => new SkewedAccount(collectors, clock, callMs),
  };
}

/**
 * A cloud's main sample account with about so many resources, read over loopback by its real session. The sample itself
 * is not slow and throttles nothing: the clock does both.
 * @param measure what is done with the case, and with the sample, while it runs.
 */
export async function withSample<T>(
  cloud: BenchCloud,
  resources: number,
  { callMs, share }: Conditions,
  measure: (of: Case, sample: SampleCloud) => Promise<T>,
): Promise<T> {
  const sample = await cloud.start();
  try {
    resize(sample, resources);
    const held = sample.held();
    const session = await cloud.open(sample);
    const { name, rates, atATime } = cloud;
    try {
      const of: Case = {
        name: `${countOf(held).toLocaleString('en')} resources of ${name}`,
        collectors: collectorsOf(name),
        scopes: await scopesOf(name, async () => undefined),
        callMs,
        share,
        rates,
        ...(atATime === undefined ? {} : { atATime }),
        settings: sample.settings,
        lists: (facts) => cloud.lists(facts, held),
        open: (clock) => new WiredAccount(session, clock, new TimedCalls(clock, callMs, rates)),
      };
      return await measure(of, sample);
    } finally {
      session.close();
    }
  } finally {
    await sample.close();
  }
}
