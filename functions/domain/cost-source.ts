import type { Failure } from './cloud.ts';

/** What is known of a cloud's costs without loading its SDK. One source per cloud. */
export interface CostFacts {
  /** Snake case and stable: it is part of the keys of cost rows. */
  readonly name: string;
  /** As in a job's ledger of calls. */
  readonly service: string;
  /** What the customer must grant, in the cloud's notation, in the order the calls are made. */
  readonly permissions: readonly string[];
  /** How many days a first reading goes back. */
  readonly firstDays: number;
  /** So many of the last days are read again each time, since the cloud still changes them. */
  readonly openDays: number;
  /** The whole month of the oldest open day is read again, too: credits and taxes come late. */
  readonly openMonth: boolean;
  /**
   * What the customer is charged for when costs are read; absent: nothing. The engine keeps it within the deployment's
   * monthly budget: it reserves what a call may take before it is made, and gives back what it did not.
   */
  readonly charged?: 'calls' | 'bytes';
  /** Days that are read, and replaced, as one; default 31. The fewer, the less is read again after a fault. */
  readonly atATime?: number;
}

/** Days of one reading where the source says nothing else. */
export const DAYS_AT_A_TIME = 31;

/** A span of whole days, UTC: `from` is in it, `to` is not. `YYYY-MM-DD`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** What one service cost in one place on one day. One (day, service, region, currency) may come in several rows. */
export interface CostRow {
  /** `YYYY-MM-DD`, UTC or as the cloud bills. */
  readonly day: string;
  /** As the cloud names it, such as `Amazon Simple Storage Service`. */
  readonly service: string;
  /** As the cloud names it; `global` where it names none. */
  readonly region: string;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** Net of credits: a decimal as the cloud writes it, an exponent included. The engine refuses anything else. */
  readonly amount: string;
  /** The part of `amount` that credits and refunds are, usually negative. Absent where the source does not say. */
  readonly credits?: string | undefined;
  /** It may still change. */
  readonly estimated: boolean;
}

/** What a call is charged by the cloud, which the customer pays. */
export interface Spent {
  /** Calls that are charged each. */
  readonly calls: number;
  /** Bytes billed. */
  readonly bytes: number;
}

export interface CostPage {
  readonly rows: readonly CostRow[];
  readonly next: string | undefined;
  readonly spent: Spent;
}

/** A cloud's costs, ready to be read for one account. Errors are the SDK's own; `classify` reads them. */
export interface CostSource {
  /** Set: there is nothing to read, and why. A code such as `NOT_CONFIGURED`; no call is made. */
  readonly unavailable?: Failure | undefined;
  /**
   * One call, or a few that belong together. Every row of the span is in one of its pages, and no page and no token comes
   * twice: that is taken for a cloud that turns in circles. It must end within 20 s, for its invocation may have no more;
   * a query that takes longer is begun by one page and asked for by the next.
   * @param budget what this call may take at most, of what is left this month: a source that is charged by bytes has to
   *   stay within it, and says so (`BUDGET_SPENT`) where it cannot; one that is charged by calls makes one, and is not
   *   called at all where none is left.
   */
  page(days: Days, token: string | undefined, budget: Spent): Promise<CostPage>;
  classify(error: unknown): Failure;
  close(): void;
}
