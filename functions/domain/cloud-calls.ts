import type { CloudSession, CollectorFacts, Failure } from './cloud.ts';
import type { CallCounts } from './items.ts';
import type { Lanes } from './lanes.ts';
import type { Clock } from './ports.ts';
import { TokenBucket } from './token-bucket.ts';

/** Milliseconds before a call that was throttled or met a fault is made again; how many there are is how often. */
const PAUSES = [250, 500, 1000] as const;
/** A fault that took longer than this is not tried again at once: it would hold a lane. Milliseconds. */
const SLOW_MS = 5000;

/** A call that did not answer, read by its cloud. */
export class CallFailedError extends Error {
  override readonly name = 'CallFailedError';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

export interface CallLimits {
  readonly clock: Clock;
  readonly lanes: Lanes;
  /** Share of each documented quota, above 0 and up to 1. */
  readonly share: number;
  /** Milliseconds since 1970 after which no call is made again. */
  readonly deadline: number;
  /** A task's first link: its buckets are full. */
  readonly full: boolean;
}

/** The calls of one task to a customer's account: in lanes, within the quota, counted. */
export class CloudCalls {
  readonly #limits: CallLimits;
  readonly #session: Pick<CloudSession, 'classify' | 'quota'>;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #counts: Record<string, number> = {};
  #total = 0;

  constructor(limits: CallLimits, session: Pick<CloudSession, 'classify' | 'quota'>) {
    this.#limits = limits;
    this.#session = session;
  }

  /** By `<service> <operation> <outcome>`, every try counted. */
  get counts(): CallCounts {
    return this.#counts;
  }
  /** Calls that were answered. */
  get total(): number {
    return this.#total;
  }

  /**
   * Makes one call of a collector. A throttled one is made again more slowly, and so is one that met a quick fault.
   * @param step its place among the collector's permissions: 0 a page, 1 a describe.
   * @throws CallFailedError; OutOfTimeError when the quota allows it only after the deadline.
   */
  async call<T>(collector: CollectorFacts, scope: string, step: number, call: () => Promise<T>): Promise<T> {
    const bucket = this.#bucketOf(collector.service, scope);
    const { clock, lanes, deadline } = this.#limits;
    for (let tries = 0; ; tries += 1) {
      await bucket.take(deadline);
      const made = await lanes.run(scope, () => this.#once(collector, call));
      this.#count(collector, step, made.ok ? 'ok' : made.failure.outcome);
      if (made.ok) return made.answer;
      const { failure } = made;
      if (failure.outcome === 'throttled') bucket.throttled();
      const pause = PAUSES[tries];
      const again = failure.retryable && pause !== undefined && made.ms < SLOW_MS;
      if (!again || clock.now() + pause >= deadline) throw new CallFailedError(failure);
      await clock.sleep(pause);
    }
  }

  async #once<T>(
    collector: CollectorFacts,
    call: () => Promise<T>,
  ): Promise<
    { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly failure: Failure; readonly ms: number }
  > {
    const began = this.#limits.clock.now();
    try {
      return { ok: true, answer: await call() };
    } catch (error) {
      const ms = this.#limits.clock.now() - began;
      return { ok: false, failure: this.#session.classify(error, collector), ms };
    }
  }

  #bucketOf(service: string, scope: string): TokenBucket {
    const key = `${service}@${scope}`;
    const { clock, share, full } = this.#limits;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(clock, this.#session.quota(service), share, full);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #count({ service, permissions }: CollectorFacts, step: number, outcome: string): void {
    const permission = permissions[step] ?? permissions[0] ?? service;
    // `ec2:DescribeVpcs` and `cloudasset.assets.listResource` name the service again.
    const operation = permission.slice(permission.indexOf(':') + 1);
    const key = `${service} ${operation.startsWith(`${service}.`) ? operation.slice(service.length + 1) : operation} ${outcome}`;
    this.#counts[key] = (this.#counts[key] ?? 0) + 1;
    this.#total += 1;
  }
}
