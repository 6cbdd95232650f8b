import type { Collector, CollectorFacts, Failure, Quota, ResourcePage } from '../../functions/domain/cloud.ts';
import type { CostFacts } from '../../functions/domain/cost-source.ts';
import type { JobKind } from '../../functions/domain/messages.ts';
import type { Resource } from '../../functions/domain/resource.ts';
import { type CollectingCloud, kindsIn } from '../../functions/providers/contract.ts';
import { Secret } from '../../functions/runtime/secret.ts';
import type { PlannedClouds } from '../../functions/sync/plan-sync.ts';
import type { Calls, Latency } from './calls.ts';
import { FakeCosts } from './fake-costs.ts';
import type { Process } from './process.ts';

/** A collector of the fake cloud. */
export interface SimCollector extends CollectorFacts {
  readonly pageSize: number;
  /** Every resource takes a call of its own. */
  readonly details?: true;
}

/** One call to the cloud, as rules and checks see it. */
export interface CloudCall {
  readonly process: Process;
  readonly account: string;
  readonly collector: string;
  readonly scope: string;
  readonly page: number;
  /** The slot that is described; undefined: the page itself. */
  readonly detail: number | undefined;
}

/** What the cloud does instead of answering: an error, silence, a slow answer, or the same token again. */
export type CloudFault =
  | { readonly failure: Failure }
  | { readonly is: 'hang' | 'loop' }
  | { readonly is: 'slow'; readonly milliseconds: number };

/** What a page answered: the versions of its slots at that moment (0: not there). */
export interface PageRead extends CloudCall {
  readonly at: number;
  readonly versions: Uint32Array;
  readonly last: boolean;
}

export class SimulatedFailure extends Error {
  override readonly name = 'SimulatedFailure';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

export const CLOUD = 'sim';
export const REGIONS = ['r1', 'r2'] as const;
const LATENCY: Latency = [40, 150];

export const cellName = (account: string, collector: string, scope: string): string =>
  `${account}/${scope}#${collector}`;

/**
 * Accounts whose resources stand in slots: a slot is always on the same page and of the same type, so that it can be
 * said of each page what it answered. A slot holds a version; 0 is no resource.
 */
export class FakeCloud {
  readonly collectors: readonly SimCollector[];
  /** How it bills; absent: it bills nobody. */
  readonly billing: CostFacts | undefined;
  readonly costs = new FakeCosts();
  readonly cells = new Map<string, Uint32Array>();
  rule: (call: CloudCall) => CloudFault | undefined = () => undefined;
  /** Told of every call that arrives. */
  onCall: (call: CloudCall) => void = () => undefined;
  onRead: (read: PageRead) => void = () => undefined;
  quota: Quota | undefined;
  calls = 0;
  latency: Latency = LATENCY;

  constructor(collectors: readonly SimCollector[], billing?: CostFacts) {
    this.collectors = collectors;
    this.billing = billing;
  }

  /** What there is to read of it. */
  get kinds(): readonly JobKind[] {
    return kindsIn({ ...(this.billing === undefined ? {} : { costs: this.billing }) });
  }

  /** Puts so many resources into a cell, each in its first version. */
  fill(account: string, collector: string, scope: string, slots: number): void {
    this.cells.set(cellName(account, collector, scope), new Uint32Array(slots).fill(1));
  }

  /** @throws RangeError for a cell that was never filled. */
  cell(account: string, collector: string, scope: string): Uint32Array {
    const cell = this.cells.get(cellName(account, collector, scope));
    if (cell === undefined) throw new RangeError(`${collector} in ${scope} was never filled.`);
    return cell;
  }

  snapshot(): () => void {
    const copy = [...this.cells].map(([name, slots]): [string, Uint32Array] => [name, slots.slice()]);
    const costs = this.costs.copy();
    return () => {
      for (const [name, slots] of copy) this.cells.set(name, slots.slice());
      this.costs.takeOver(costs);
    };
  }

  collectorNamed(name: string): SimCollector {
    const one = this.collectors.find((collector) => collector.name === name);
    if (one === undefined) throw new RangeError(`There is no collector ${name}.`);
    return one;
  }

  /** The cloud as one collect process sees it. */
  collecting(process: Process, calls: Calls, now: () => number): CollectingCloud<{ readonly account: string }> {
    return {
      facts: { collectors: this.collectors, ...(this.billing === undefined ? {} : { costs: this.billing }) },
      openCosts: async (credentials) => {
        const rules = { rule: this.rule, onCall: this.onCall, latency: this.latency };
        return this.costs.source(credentials.reveal().account, process, calls, rules);
      },
      decode: (text) => new Secret({ account: text.reveal() }),
      open: (credentials) => {
        const { account } = credentials.reveal();
        return {
          collector: async (name, scope) => this.#bound(this.collectorNamed(name), account, scope, process, calls, now),
          classify: (error) => {
            if (error instanceof SimulatedFailure) return error.failure;
            throw error;
          },
          quota: () => this.quota,
          close: () => undefined,
        };
      },
    };
  }

  /** The cloud as fail-task sees it. */
  get failing() {
    return { collectors: () => this.collectors, costSource: () => this.billing?.name };
  }

  /** The cloud as planning sees it. @param scopes fails, or answers. */
  planned(regions: () => readonly string[] | Failure): PlannedClouds {
    return {
      collectors: () => this.collectors,
      scopes: async (_, secret) => {
        const text = await secret();
        const answer = regions();
        const failure =
          text === undefined
            ? { outcome: 'failed' as const, code: 'CREDENTIALS_MISSING', retryable: false }
            : 'outcome' in answer
              ? answer
              : undefined;
        const list = 'outcome' in answer ? REGIONS : answer;
        return { byKind: { global: ['global'], region: list }, primary: 'r1', failure };
      },
    };
  }

  #bound(
    facts: SimCollector,
    account: string,
    scope: string,
    process: Process,
    calls: Calls,
    now: () => number,
  ): Collector {
    const { name } = facts;
    const call = async <T>(
      about: Pick<CloudCall, 'page' | 'detail'>,
      act: (call: CloudCall, fault: CloudFault | undefined) => T,
    ): Promise<T> => {
      const one: CloudCall = { process, account, collector: name, scope, ...about };
      const on = `${account} ${name} ${scope} ${about.page}${about.detail === undefined ? '' : `/${about.detail}`}`;
      this.onCall(one);
      this.calls += 1;
      const fault = this.rule(one);
      if (fault !== undefined && 'is' in fault && fault.is === 'hang') return new Promise(() => undefined);
      const slow = fault !== undefined && 'is' in fault && fault.is === 'slow' ? fault.milliseconds : 0;
      const [least, most] = this.latency;
      return calls.make(process, { op: 'cloud', on, effect: false }, [least + slow, most + slow], () => {
        if (fault !== undefined && 'failure' in fault) throw new SimulatedFailure(fault.failure);
        return act(one, fault);
      });
    };
    const resourceAt = (slot: number, version: number): Resource => ({
      external_id: `sim:${account}:${name}:${scope}:${slot}`,
      name: `${name}-${slot}`,
      type: facts.types[slot % facts.types.length] ?? name,
      region: scope,
      status: 'active',
      tags: {},
      configuration: { version },
    });
    return {
      ...facts,
      page: (token) => {
        const page = token === undefined ? 0 : Number(token);
        return call({ page, detail: undefined }, (one, fault): ResourcePage => {
          const slots = this.cell(account, name, scope);
          const from = page * facts.pageSize;
          const versions = slots.slice(from, from + facts.pageSize);
          const last = from + facts.pageSize >= slots.length;
          const loop = fault !== undefined && 'is' in fault && fault.is === 'loop';
          this.onRead({ ...one, at: now(), versions, last: last && !loop });
          const there = [...versions.keys()].filter((n) => versions[n] !== 0);
          const resources = there.map((n) => resourceAt(from + n, versions[n] ?? 0));
          const details = there.map(
            (n) => () => call({ page, detail: from + n }, () => [resourceAt(from + n, versions[n] ?? 0)]),
          );
          return {
            resources: facts.details ? [] : resources,
            details: facts.details ? details : [],
            next: loop ? (token ?? '0') : last ? undefined : String(page + 1),
          };
        });
      },
    };
  }
}

/** The version that a resource's configuration tells. */
export const versionOf = ({ configuration }: Resource): number => Number(configuration.version);
export const slotOf = ({ external_id }: Resource): number =>
  Number(external_id.slice(external_id.lastIndexOf(':') + 1));
