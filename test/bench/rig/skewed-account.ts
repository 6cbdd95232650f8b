import type {
  CloudSession,
  Collector,
  CollectorFacts,
  Failure,
  Quota,
  ResourcePage,
} from '../../../functions/domain/cloud.ts';
import type { Clock } from '../../../functions/domain/ports.ts';
import type { Resource } from '../../../functions/domain/resource.ts';
import { TokenBucket } from '../../../lib/local/token-bucket.ts';
import { AWS_LISTS, type AwsList, DOCUMENTED, listOf } from '../aws-lists.ts';

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

/** The facts of every type of the project's plan, made as their collectors would state them. */
export const plannedFacts: readonly CollectorFacts[] = Object.entries(AWS_LISTS).map(
  ([name, { service, scope, describe }]) => ({
    name,
    service,
    scope,
    types: [name],
    permissions: [`${service}:List`, ...(describe === undefined ? [] : [`${service}:Describe`])],
  }),
);

class ThrottledError extends Error {
  override readonly name = 'ThrottlingException';
}
const THROTTLED: Failure = { outcome: 'throttled', code: 'ThrottlingException', retryable: true };

export const countIn = ({ usual }: AwsList, scope: string): number => Math.round(usual * (BUSY[scope] ?? QUIET));

/** A large account of skewed size on a clock: its cells are counts, its calls take their time, and its buckets throttle. */
export class SkewedAccount implements CloudSession {
  readonly #facts: ReadonlyMap<string, CollectorFacts>;
  readonly #clock: Clock;
  readonly #callMs: number;
  readonly #buckets = new Map<string, TokenBucket>();
  calls = 0;
  throttles = 0;

  constructor(facts: readonly CollectorFacts[], clock: Clock, callMs: number) {
    this.#facts = new Map(facts.map((one) => [one.name, one]));
    this.#clock = clock;
    this.#callMs = callMs;
  }

  async collector(name: string, scope: string): Promise<Collector> {
    const facts = this.#facts.get(name);
    if (facts === undefined) throw new RangeError(`There is no collector ${name}.`);
    const list = listOf(name);
    const count = countIn(list, scope);
    const call = () => this.#call(list.service, scope);
    const made = (from: number, to: number): readonly Resource[] =>
      Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, n) => resource(name, scope, from + n));
    return {
      ...facts,
      async page(token): Promise<ResourcePage> {
        await call();
        const from = Number(token ?? 0);
        const to = Math.min(count, from + list.page);
        const next = to < count ? String(to) : undefined;
        const { describe } = list;
        if (describe === undefined) return { resources: made(from, to), details: [], next };
        const details = Array.from({ length: Math.ceil((to - from) / describe) }, (_, n) => async () => {
          await call();
          return made(from + n * describe, Math.min(to, from + (n + 1) * describe));
        });
        return { resources: [], details, next };
      },
    };
  }

  classify(error: unknown): Failure {
    return error instanceof ThrottledError ? THROTTLED : { outcome: 'failed', code: String(error), retryable: false };
  }

  quota(service: string): Quota | undefined {
    return DOCUMENTED[service];
  }

  close(): void {}

  async #call(service: string, scope: string): Promise<void> {
    this.calls += 1;
    const rate = DOCUMENTED[service];
    const key = `${service}@${scope}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(rate ?? {}, () => this.#clock.now());
    this.#buckets.set(key, bucket);
    const fits = bucket.take();
    await this.#clock.sleep(this.#callMs);
    if (fits) return;
    this.throttles += 1;
    throw new ThrottledError('Rate exceeded');
  }
}

const resource = (type: string, scope: string, n: number): Resource => ({
  external_id: `arn:aws:${type}:${scope}:111122223333:${n}`,
  name: `${type}-${n}`,
  type,
  region: scope,
  status: 'active',
  tags: {},
  configuration: {},
});
