import type { CloudSession, Collector, CollectorFacts, Failure, Quota } from '../../../functions/domain/cloud.ts';
import type { Clock } from '../../../functions/domain/ports.ts';
import type { Resource } from '../../../functions/domain/resource.ts';
import { quotaOf } from '../../../functions/providers/aws/quotas.ts';
import { AWS_RATES, type AwsList, listOf } from '../aws-lists.ts';
import type { Held } from '../list-calls.ts';
import { classifyTimed, TimedCalls } from './timed-calls.ts';

/** How much of the main region's another holds: most of an account is in a few regions. */
const BUSY: Readonly<Record<string, number>> = {
  'us-east-1': 1,
  global: 1,
  'eu-west-1': 0.45,
  'us-west-2': 0.2,
  'eu-central-1': 0.1,
  'ap-southeast-2': 0.04,
  'ap-northeast-1': 0.02,
};
/** Nothing but the defaults. */
const QUIET = 0.002;

/** What a list holds in a scope; what is listed by parent is dealt out evenly, and there is one parent at least. */
export function heldIn({ usual, usualParents }: AwsList, scope: string): Held {
  const busy = BUSY[scope] ?? QUIET;
  const count = Math.round(usual * busy);
  if (usualParents === undefined) return count;
  const parents = Math.max(1, Math.round(usualParents * busy));
  return Array.from({ length: parents }, (_, n) => Math.max(0, Math.ceil((count - n) / parents)));
}

/**
 * A large AWS account of skewed size on a clock: its lists are counts, read as the collectors read them, its calls take
 * their time, and its buckets throttle as AWS documents it.
 */
export class SkewedAccount implements CloudSession {
  readonly #facts: ReadonlyMap<string, CollectorFacts>;
  readonly timed: TimedCalls;
  /** What the production code believes of the buckets; the account goes by its own. */
  readonly quota: (service: string) => Quota | undefined = quotaOf;

  constructor(facts: readonly CollectorFacts[], clock: Clock, callMs: number) {
    this.#facts = new Map(facts.map((one) => [one.name, one]));
    this.timed = new TimedCalls(clock, callMs, AWS_RATES);
  }

  async collector(name: string, scope: string): Promise<Collector> {
    const facts = this.#facts.get(name);
    if (facts === undefined) throw new RangeError(`There is no collector ${name}.`);
    const list = listOf(facts);
    const held = heldIn(list, scope);
    const call = () => this.timed.call(list.bucket, scope);
    return {
      ...facts,
      async page(token) {
        await call();
        if (typeof held === 'number') return pageOf({ facts, list, scope, call }, '', held, token);
        if (held.length > (list.parents ?? 0)) throw new RangeError('The parents do not fit into one page.');
        // First the parents, then the pages of one after the other.
        if (token === undefined) return { resources: [], details: [], next: '0 0' };
        const [parent = 0, from] = token.split(' ').map(Number);
        const page = pageOf({ facts, list, scope, call }, `${parent}/`, held[parent] ?? 0, String(from));
        const after = parent + 1 < held.length ? `${parent + 1} 0` : undefined;
        return { ...page, next: page.next === undefined ? after : `${parent} ${page.next}` };
      },
    };
  }

  classify(error: unknown, collector: CollectorFacts): Failure {
    return classifyTimed(error, collector, () => ({ outcome: 'failed', code: String(error), retryable: false }));
  }

  close(): void {}
}

interface Reading {
  readonly facts: CollectorFacts;
  readonly list: AwsList;
  readonly scope: string;
  readonly call: () => Promise<void>;
}

/** A page of a list that holds so many; the token is where it begins. */
function pageOf(
  { facts, list: { page, describe }, scope, call }: Reading,
  parent: string,
  count: number,
  token: string | undefined,
) {
  const from = Number(token ?? 0);
  const to = Math.min(count, from + page);
  const next = to < count ? String(to) : undefined;
  const made = (begin: number, end: number): readonly Resource[] =>
    Array.from({ length: end - begin }, (_, n) => resource(facts, scope, parent, begin + n));
  if (describe === undefined) return { resources: made(from, to), details: [], next };
  const details = Array.from({ length: Math.ceil((to - from) / describe) }, (_, n) => async () => {
    await call();
    return made(from + n * describe, Math.min(to, from + (n + 1) * describe));
  });
  return { resources: [], details, next };
}

function resource({ types }: CollectorFacts, scope: string, parent: string, n: number): Resource {
  const type = types[n % types.length] ?? '';
  return {
    external_id: `arn:aws:${type}:${scope}:111122223333:${parent}${n}`,
    name: `${type}-${n}`,
    type,
    region: scope,
    status: 'active',
    tags: {},
    configuration: {},
  };
}
