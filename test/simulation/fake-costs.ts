import type { CostFacts, CostRow, CostSource, Days } from '../../functions/domain/cost-source.ts';
import { addDays } from '../../functions/domain/days.ts';
import type { Calls, Latency } from './calls.ts';
import { type CloudCall, type CloudFault, SimulatedFailure } from './fake-cloud.ts';
import type { Process } from './process.ts';

/** How the fake cloud bills: calls are charged, the last two days may change, three days are one reading. */
export const billing: CostFacts = {
  name: 'sim_bill',
  service: 'bill',
  permissions: ['bill:Read'],
  firstDays: 5,
  openDays: 2,
  openMonth: false,
  charged: 'calls',
  atATime: 3,
};

/** Services, a page each: a day is known only when both are read. */
const SERVICES = ['compute', 'storage'] as const;
/** Rows of one day: each is the day's price and a fraction of its own, so that a sum tells what went into it. */
const FRACTIONS = ['.1', '.01'] as const;

/** What an account is billed, by day. A price that nobody set is 1. */
export class FakeCosts {
  readonly #prices = new Map<string, number>();
  /** Every price that a day ever had. */
  readonly #ever = new Map<string, Set<number>>();
  /** Calls that were charged, by account. */
  readonly charged = new Map<string, number>();

  price(account: string, day: string): number {
    return this.#prices.get(`${account}/${day}`) ?? 1;
  }

  restate(account: string, day: string, price: number): void {
    const key = `${account}/${day}`;
    this.#ever.set(key, new Set([...this.ever(account, day), price]));
    this.#prices.set(key, price);
  }

  ever(account: string, day: string): ReadonlySet<number> {
    return this.#ever.get(`${account}/${day}`) ?? new Set([1]);
  }

  /** What one page of a day holds. */
  rowOf(account: string, day: string, page: number): CostRow {
    const price = this.price(account, day);
    const amount = `${price}${FRACTIONS[page] ?? ''}`;
    return {
      day,
      service: SERVICES[page] ?? '',
      region: 'r1',
      currency: 'EUR',
      amount,
      credits: '0',
      estimated: false,
    };
  }

  copy(): FakeCosts {
    const copy = new FakeCosts();
    copy.takeOver(this);
    return copy;
  }

  /** Becomes what another one is. */
  takeOver(other: FakeCosts): void {
    for (const [mine, theirs] of [
      [this.#prices, other.#prices],
      [this.charged, other.charged],
    ] as const) {
      mine.clear();
      for (const [key, n] of theirs) mine.set(key, n);
    }
    this.#ever.clear();
    for (const [key, had] of other.#ever) this.#ever.set(key, had);
  }

  /** The source as one collect process sees it. */
  source(
    account: string,
    process: Process,
    calls: Calls,
    rules: { rule(call: CloudCall): CloudFault | undefined; onCall(call: CloudCall): void; readonly latency: Latency },
  ): CostSource {
    return {
      page: (days, token) => {
        const page = Number(token ?? 0);
        const one: CloudCall = { process, account, collector: billing.name, scope: days.from, page, detail: undefined };
        rules.onCall(one);
        const fault = rules.rule(one);
        if (fault !== undefined && 'is' in fault && fault.is === 'hang') return new Promise(() => undefined);
        const slow = fault !== undefined && 'is' in fault && fault.is === 'slow' ? fault.milliseconds : 0;
        const [least, most] = rules.latency;
        const on = `${account} costs ${days.from} ${page}`;
        this.charged.set(account, (this.charged.get(account) ?? 0) + 1);
        return calls.make(process, { op: 'cloud', on, effect: false }, [least + slow, most + slow], () => {
          if (fault !== undefined && 'failure' in fault) throw new SimulatedFailure(fault.failure);
          const loop = fault !== undefined && 'is' in fault && fault.is === 'loop';
          const next = loop ? (token ?? '0') : page + 1 < SERVICES.length ? String(page + 1) : undefined;
          return { rows: this.#rows(account, days, page), next, spent: { calls: 1, bytes: 0 } };
        });
      },
      classify: (error) => {
        if (error instanceof SimulatedFailure) return error.failure;
        throw error;
      },
      close: () => undefined,
    };
  }

  #rows(account: string, { from, to }: Days, page: number): CostRow[] {
    const rows: CostRow[] = [];
    for (let day = from; day < to; day = addDays(day, 1)) rows.push(this.rowOf(account, day, page));
    return rows;
  }
}
