import { absent, anyOf, below } from './conditions.ts';
import type { CostFacts, Spent } from './cost-source.ts';
import { costSpendItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { type Clock, isoTime, type Table, type TableReader } from './ports.ts';
import { parseItem } from './provider.ts';

/** The month's money for reading costs is spent: no call is made. */
export class BudgetSpentError extends Error {
  override readonly name = 'BudgetSpentError';
}

/** One call may take this share of the month's bytes at most: if its worker dies, no more than that is lost. */
const MOST_OF_BYTES = 0.25;
/** How long a month's counters are kept. */
const KEPT_SECONDS = 400 * 24 * 3600;

export const monthOf = (milliseconds: number): string => isoTime(milliseconds).slice(0, 7);

/**
 * What reading a source takes in a calendar month (UTC), by provider. A call's reserve is written before the call is
 * made, so that a crash never loses what was spent; at worst it counts what was not.
 */
export class Spending {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #ref: ProviderRef;
  readonly #facts: CostFacts;
  readonly #budget: Spent;

  constructor(
    { table, clock }: { readonly table: Table; readonly clock: Clock },
    ref: ProviderRef,
    facts: CostFacts,
    budget: Spent,
  ) {
    this.#table = table;
    this.#clock = clock;
    this.#ref = ref;
    this.#facts = facts;
    this.#budget = budget;
  }

  /**
   * Makes a call within the budget.
   * @param call told what it may take; says what it took. Where it throws, a call counts (it may have been charged) and
   *   bytes do not (a query that fails is not billed, says BigQuery).
   * @throws BudgetSpentError
   * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
   */
  async within<T extends { readonly spent: Spent }>(call: (most: Spent) => Promise<T>): Promise<T> {
    const { charged } = this.#facts;
    if (charged === undefined) return call(this.#budget);
    const month = monthOf(this.#clock.now());
    const most = charged === 'calls' ? await this.#reserveCall(month) : await this.#reserveBytes(month);
    let took = charged === 'calls' ? most.calls : 0;
    try {
      const answer = await call(most);
      took = answer.spent[charged];
      return answer;
    } finally {
      await this.#add(month, { [charged]: took - most[charged] });
    }
  }

  async #reserveCall(month: string): Promise<Spent> {
    const { calls } = this.#budget;
    const reserved = await this.#table.update(this.#key(month), {
      add: { calls: 1 },
      setOnce: { expires_at: this.#expiry() },
      condition: calls > 0 ? anyOf(absent('calls'), below('calls', calls)) : below('calls', 0),
    });
    if (!reserved.applied) throw new BudgetSpentError();
    return { calls: 1, bytes: this.#budget.bytes };
  }

  async #reserveBytes(month: string): Promise<Spent> {
    const { bytes: spent } = await readSpend(this.#table, this.#ref, this.#facts.name, month);
    const budget = Math.floor(this.#budget.bytes);
    const bytes = Math.max(0, Math.min(budget - spent, Math.floor(budget * MOST_OF_BYTES)));
    await this.#add(month, { bytes });
    return { calls: this.#budget.calls, bytes };
  }

  async #add(month: string, add: Readonly<Record<string, number>>): Promise<void> {
    if (Object.values(add).every((n) => n === 0)) return;
    await this.#table.update(this.#key(month), { add, setOnce: { expires_at: this.#expiry() }, blind: true });
  }

  #key(month: string) {
    return keys.costSpend(this.#ref, this.#facts.name, month);
  }
  #expiry(): number {
    return Math.floor(this.#clock.now() / 1000) + KEPT_SECONDS;
  }
}

/** What a month has taken so far. */
export async function readSpend(table: TableReader, ref: ProviderRef, source: string, month: string): Promise<Spent> {
  const { calls, bytes } = parseItem(costSpendItem, (await table.get(keys.costSpend(ref, source, month))) ?? {});
  return { calls, bytes };
}
