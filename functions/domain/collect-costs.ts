import { hash } from 'node:crypto';
import type { Assignment } from './assignment.ts';
import type { CollectorFacts, Failure } from './cloud.ts';
import { CallFailedError, CloudCalls } from './cloud-calls.ts';
import { replaceDays } from './cost-days.ts';
import { DailyRows, UnexpectedCostsError } from './cost-rows.ts';
import { type CostFacts, type CostSource, DAYS_AT_A_TIME, type Days, type Spent } from './cost-source.ts';
import { BudgetSpentError, Spending } from './cost-spend.ts';
import { type CostWriter, readCostSource, sayFailed, sayRead } from './cost-state.ts';
import { addDays, dayOf, daysBetween, monthStart } from './days.ts';
import { OutOfTimeError } from './errors.ts';
import { FencedOffError } from './fence.ts';
import type { CostSourceItem } from './items.ts';
import { stampOf } from './keys.ts';
import { Lanes } from './lanes.ts';
import type { TaskMessage } from './messages.ts';
import type { Clock, Table } from './ports.ts';
import { Tally } from './task-report.ts';

/** How often a reading is begun anew in one link because its token is not good any more. */
const MOST_RESTARTS = 3;

/** How costs are read in this deployment, and what a worker may do. */
export interface CostsContext extends Assignment {
  readonly table: Table;
  readonly clock: Clock;
  readonly facts: CostFacts;
  /** The most that may be taken of one provider in a month. */
  readonly budget: Spent;
  /** Milliseconds since 1970 after which no further page is begun. */
  readonly deadline: number;
  /** Whether the task may be sent on for a fault, or for want of time. */
  readonly may: { readonly retry: boolean; readonly goOn: boolean };
}

/** What is still to be read: `from` is in it, `to` is not; so many days as one reading. */
type Left = NonNullable<TaskMessage['days']>;

/** How a costs task stands at the end of a link: done, or to be gone on with. */
export interface CostsEnd {
  readonly tally: Tally;
  readonly again?: { readonly why: Failure | 'out of time'; readonly days: Left };
  /** Why it is done without all its days. */
  readonly failure?: Failure;
}

/**
 * Reads a provider's costs, some days at a time, the oldest first. A reading is held in memory until its last page has
 * come, and only then does it replace its days: so no day is ever half of one reading and half of another, and none
 * counts twice. One that a whole link is too short for is begun anew in the next with half as many days.
 */
export async function collectCosts(context: CostsContext, source: CostSource | Failure): Promise<CostsEnd> {
  const { lease, message, job, ref, facts } = context;
  const writer: CostWriter = {
    ...context,
    source: facts.name,
    stamp: stampOf(job.job, lease.task.attempt),
    startedAt: job.started_at,
  };
  const tally = new Tally();
  if (lease.task.so_far !== undefined) tally.addReport(lease.task.so_far);
  const failure = 'outcome' in source ? source : source.unavailable;
  if (failure !== undefined || 'outcome' in source) return failed(writer, tally, failure ?? TOO_SLOW);
  const calls = callsOf(context, source);
  const began = message.days ?? daysToRead(facts, await readCostSource(context.table, ref, facts.name), job.started_at);
  const stop = async (end: Stopped, left: Left): Promise<CostsEnd> => {
    tally.addCalls(calls.counts);
    const { token } = end;
    const at = { from: left.from, to: left.to, atATime: left.atATime, ...(token === undefined ? {} : { token }) };
    const why = end.why === 'out of time' ? goOn(context.may.goOn, began, at) : mayRetry(context.may, end.why, at);
    return 'again' in why ? { tally, ...why } : failed(writer, tally, why);
  };
  for (let left = began; left.from < left.to; ) {
    const days: Days = { from: left.from, to: [left.to, addDays(left.from, left.atATime)].sort()[0] ?? left.to };
    const read = await readDays(context, source, calls, days, left.token);
    if ('why' in read) return stop(read, left);
    // A worker of this job died before: what it has under way must find a higher stamp, also where nothing differs.
    const careful = lease.task.attempt > message.after + 1;
    const pass = () => context.fence.pass();
    const written = await replaceDays(context.table, { ref, source: facts.name }, days, read, {
      ...writer,
      careful,
      pass,
    });
    await sayRead(writer, { from: days.from, through: addDays(days.to, -1), complete: days.to === left.to });
    tally.addScan({ cells: {}, found: read.days.length, ...written, removed: 0 });
    left = { from: days.to, to: left.to, atATime: left.atATime };
  }
  tally.addCalls(calls.counts);
  tally.addScan({ cells: { collected: 1 }, ...NOTHING });
  return { tally };
}

const NOTHING = { found: 0, created: 0, updated: 0, removed: 0 } as const;
const UNEXPECTED: Failure = { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false };
const LOOP: Failure = { outcome: 'failed', code: 'PAGINATION_LOOP', retryable: false };
const SPENT: Failure = { outcome: 'failed', code: 'BUDGET_SPENT', retryable: false };
const TOO_SLOW: Failure = { outcome: 'failed', code: 'OUT_OF_TIME', retryable: false };

async function failed(writer: CostWriter, tally: Tally, failure: Failure): Promise<CostsEnd> {
  await sayFailed(writer, failure);
  tally.addScan({ cells: { [failure.outcome]: 1 }, ...NOTHING });
  return { tally, failure };
}

type Again = Pick<Required<CostsEnd>, 'again'>;

const mayRetry = (may: CostsContext['may'], failure: Failure, days: Left): Again | Failure =>
  failure.retryable && may.retry && may.goOn ? { again: { why: failure, days } } : failure;

/** @param began where this link began: only what had all of its time is cut down. */
function goOn(may: boolean, began: Left, left: Left): Again | Failure {
  if (!may) return TOO_SLOW;
  // Nothing is lost where nothing was said yet: a query that is under way is not begun, and charged, once more.
  if (left.from !== began.from || left.token !== undefined) return { again: { why: 'out of time', days: left } };
  const days = Math.min(left.atATime, daysBetween(left.from, left.to));
  if (days === 1) return TOO_SLOW;
  return { again: { why: 'out of time', days: { ...left, atATime: Math.floor(days / 2) } } };
}

/**
 * The days of a job: at first as far back as the source's facts say, later from where the cloud may still change what was
 * read, up to and with today.
 */
export function daysToRead(facts: CostFacts, known: CostSourceItem | undefined, startedAt: string): Left {
  const today = dayOf(Date.parse(startedAt));
  const span = { to: addDays(today, 1), atATime: facts.atATime ?? DAYS_AT_A_TIME };
  if (known?.through === undefined || known.from === undefined)
    return { from: addDays(today, -facts.firstDays), ...span };
  const open = addDays(known.through, 1 - facts.openDays);
  const from = facts.openMonth ? monthStart(open) : open;
  return { from: [from, known.from].sort()[1] ?? from, ...span };
}

/** Why a reading stopped; `token` is of the page to go on with, where no row is lost by it. */
interface Stopped {
  readonly why: Failure | 'out of time';
  readonly token?: string | undefined;
}

/** Every page of some days; nothing is written meanwhile. */
async function readDays(
  context: CostsContext,
  source: CostSource,
  calls: CloudCalls,
  days: Days,
  from: string | undefined,
): Promise<DailyRows | Stopped> {
  for (let tries = 0; ; tries += 1) {
    const read = await readOnce(context, source, calls, days, tries === 0 ? from : undefined);
    const again = 'why' in read && read.why !== 'out of time' && read.why.restart === true && tries < MOST_RESTARTS;
    if (!again) return read;
  }
}

async function readOnce(
  context: CostsContext,
  source: CostSource,
  calls: CloudCalls,
  days: Days,
  from: string | undefined,
): Promise<DailyRows | Stopped> {
  const { facts, fence, clock, deadline } = context;
  const spending = new Spending(context, context.ref, facts, context.budget);
  const about: CollectorFacts = { ...facts, scope: 'costs', types: [] };
  const rows = new DailyRows(days);
  const seen = new Set<string>();
  let token = from;
  const stopped = (why: Stopped['why']): Stopped => ({ why, token: rows.days.length === 0 ? token : undefined });
  do {
    if (clock.now() >= deadline) return stopped('out of time');
    await fence.pass();
    try {
      const page = await calls.call(about, 'costs', 0, () =>
        spending.within(async (most) => {
          // Once more, since the reserve took its time; that it may be in vain is the price of never losing one.
          await fence.pass();
          return source.page(days, token, most);
        }),
      );
      // A cloud that turns in circles says each thing again under another token: rows that add up would count twice.
      if (page.rows.length > 0 && isAgain(seen, JSON.stringify(page.rows))) return { why: LOOP };
      rows.add(page.rows);
      token = page.next;
    } catch (error) {
      if (error instanceof OutOfTimeError) return stopped('out of time');
      if (error instanceof CallFailedError) return stopped(error.failure);
      if (error instanceof UnexpectedCostsError) return { why: UNEXPECTED };
      throw error;
    }
    if (token !== undefined && isAgain(seen, token)) return { why: LOOP };
  } while (token !== undefined);
  return rows;
}

function isAgain(seen: Set<string>, text: string): boolean {
  const digest = hash('sha256', text, 'base64');
  if (seen.has(digest)) return true;
  seen.add(digest);
  return false;
}

function callsOf({ clock, deadline }: CostsContext, source: CostSource): CloudCalls {
  const limits = { clock, lanes: new Lanes(1), share: 1, deadline, full: true };
  const classify = (error: unknown): Failure => {
    // No word of the cloud's: it ends the task, not the call.
    if (error instanceof FencedOffError) throw error;
    return error instanceof BudgetSpentError ? SPENT : source.classify(error);
  };
  return new CloudCalls(limits, { classify, quota: () => undefined });
}
