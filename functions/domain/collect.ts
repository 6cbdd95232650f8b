import { type Assignment, report, takeTask } from './assignment.ts';
import { Bits } from './bits.ts';
import type { CloudSession, CollectorFacts, Failure } from './cloud.ts';
import { CloudCalls } from './cloud-calls.ts';
import { collectCosts } from './collect-costs.ts';
import type { CostFacts, CostSource, Spent } from './cost-source.ts';
import { UnreadableCredentialsError } from './errors.ts';
import { FencedOffError } from './fence.ts';
import { type FinishPorts, join } from './finish.ts';
import type { PlanBody, ProviderItem } from './items.ts';
import { Lanes } from './lanes.ts';
import type { Worker } from './lease.ts';
import type { Reading, TaskMessage } from './messages.ts';
import { fitting, mayGoOn, type Onwards, sendOn } from './next-link.ts';
import type { ScanContext } from './one-scan.ts';
import type { TaskQueues } from './ports.ts';
import { Progress } from './progress.ts';
import { readProvider } from './provider.ts';
import { readScans } from './scan-row.ts';
import { readPlan } from './stored-plan.ts';
import type { Tally } from './task-report.ts';
import { type Calling, type ScanEnd, workScan } from './work-scan.ts';

/** Calls to the cloud, and scans, in flight at a time in one invocation; of one scope at most half of them. */
const LANES = 64;
const MOST_PER_SCOPE = 32;
/** Rows written at a time in one invocation. */
const WRITES = 64;
export interface CollectPorts extends FinishPorts {
  readonly tasks: TaskQueues;
  /** The cloud's collectors. */
  readonly collectors: readonly CollectorFacts[];
  /** Share of a cloud's documented quota that is taken, above 0 and up to 1. */
  readonly share: number;
  /** Opens the account with its stored credentials; undefined when there is no such secret. */
  open(provider: ProviderItem): Promise<(CloudSession & { close(): void }) | undefined>;
  /** The cloud's costs; absent: it bills nobody. */
  readonly costs?: CostsPort | undefined;
}

/** How a cloud's costs are read. */
export interface CostsPort {
  readonly facts: CostFacts;
  /** The most that may be taken of one provider in a month. */
  readonly budget: Spent;
  /** As the account is opened. */
  open(provider: ProviderItem): Promise<CostSource | undefined>;
}

/**
 * Works off one task. Returning acknowledges the message.
 * @param deadline milliseconds since 1970 after which no further page is begun.
 * @throws RetryLaterError, or any error, to leave the message in its queue.
 */
export async function collectTask(
  ports: CollectPorts,
  message: TaskMessage,
  worker: Worker,
  deadline: number,
): Promise<void> {
  const assignment = await takeTask(ports, message, worker);
  if (assignment === undefined) return;
  try {
    await assignment.fence.pass();
    if (message.kind === 'costs') return await workCosts(ports, assignment, deadline);
    const end = await workScans(ports, assignment, deadline);
    if (end.again.length > 0) return await sendOn(ports, assignment, onwards(end));
    await report(ports, assignment, end.tally);
    await join(ports, assignment.ref, message.kind, message.job, message.task);
  } catch (error) {
    if (!(error instanceof FencedOffError)) throw error;
    ports.log.info('The job is over; the task stops.', { provider: assignment.ref.id, job: message.job });
  }
}

type AgainEnd = Extract<ScanEnd, { readonly again: unknown }>;

/** How the scans of a task stand at the end of one link. */
interface LinkEnd {
  readonly tally: Tally;
  /** A bit for each scan that is done. */
  readonly done: Bits;
  readonly again: readonly AgainEnd[];
}

/** The scans of a task that no earlier link has ended, and their rows. */
async function scansLeft({ table }: CollectPorts, { ref, message, lease, job }: Assignment) {
  const plan = await readPlan(table, ref, job.plan ?? 0);
  const scans = plan.scans[message.task - 1] ?? [];
  const done = new Bits(scans.length, lease.task.done);
  const left = inOrder(scans, message.readings).filter(({ index }) => !done.has(index));
  return { done, left, rows: await readScans(table, ref, left) };
}

async function workScans(ports: CollectPorts, assignment: Assignment, deadline: number): Promise<LinkEnd> {
  const { message, lease } = assignment;
  const [{ done, left, rows }, session] = await Promise.all([
    scansLeft(ports, assignment),
    openAccount(ports, assignment, ports.open),
  ]);
  const atATime = 'outcome' in session ? undefined : session.atATime;
  const perScope = atATime ?? (new Set(left.map(({ scope }) => scope)).size > 1 ? MOST_PER_SCOPE : LANES);
  const limits = {
    clock: ports.clock,
    lanes: new Lanes(LANES, perScope),
    share: ports.share,
    deadline,
    full: lease.step === 0,
  };
  const calls = 'outcome' in session ? undefined : new CloudCalls(limits, session);
  const calling: Calling =
    'outcome' in session || calls === undefined ? { failure: sharedFailure(session) } : { session, calls };
  const progress = new Progress(ports, assignment, () => calls?.counts ?? {});
  let rejections = 0;
  const context: ScanContext = {
    ...assignment,
    table: ports.table,
    collectors: ports.collectors,
    clock: ports.clock,
    writes: new Lanes(WRITES),
    outOfTime: () => ports.clock.now() >= deadline,
    rejected: () => {
      rejections += 1;
    },
    read: (resources) => progress.read(resources),
  };
  // Of a cloud that is asked for one thing at a time the next scan reads while the one before it writes.
  const slots = new Lanes(LANES, atATime === undefined ? perScope : atATime + 1);
  const may = mayGoOn(message);
  const again: AgainEnd[] = [];
  try {
    const results = await Promise.allSettled(
      left.map((scan) =>
        slots.run(scan.scope, async () => {
          const end = await workScan(context, calling, { ...scan, row: rows.get(scan) }, may);
          if ('again' in end) return void again.push(end);
          done.add(scan.index);
          await progress.done(end.done);
        }),
      ),
    );
    // Only after every scan has ended, so that nothing is at work behind the error.
    const errors = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    const first = errors.find((error) => !(error instanceof FencedOffError)) ?? errors[0];
    if (first !== undefined) throw first;
    return { tally: progress.tally(), done, again };
  } finally {
    // Once a task: the alarm asks whether, not how often.
    if (rejections > 0) ports.metrics.count('CredentialsRejected');
    if ('close' in session) session.close();
  }
}

const sharedFailure = (session: Failure | CloudSession): Failure =>
  'outcome' in session ? session : { outcome: 'failed', code: 'CREDENTIALS_MISSING', retryable: false };

/** Scans that an earlier link has begun come first, then the plan's order: the longest first. */
function inOrder(scans: PlanBody['scans'][number], readings: readonly Reading[]) {
  const begun = new Set(readings.map(({ scan }) => scan));
  const all = scans.map(([collector, scope], index) => ({ collector, scope, index }));
  return [...all.filter(({ index }) => begun.has(index)), ...all.filter(({ index }) => !begun.has(index))];
}

/** Reads the costs, which are one task; what one link cannot do goes on in the next. */
async function workCosts(ports: CollectPorts, assignment: Assignment, deadline: number): Promise<void> {
  const { ref, message } = assignment;
  const { costs } = ports;
  if (costs === undefined) throw new TypeError('A costs job of a cloud that has none.');
  const source = await openAccount(ports, assignment, costs.open);
  const may = mayGoOn(message);
  const { table, clock } = ports;
  const context = { ...assignment, table, clock, facts: costs.facts, budget: costs.budget, deadline, may };
  try {
    const { tally, again, failure } = await collectCosts(context, source);
    if (failure?.credentialsRejected === true) ports.metrics.count('CredentialsRejected');
    if (failure?.code === 'BUDGET_SPENT') ports.metrics.count('CostBudgetSpent');
    if (again !== undefined) {
      const fault = again.why === 'out of time' ? undefined : again.why;
      return await sendOn(ports, assignment, { set: { so_far: tally.report() }, next: { days: again.days }, fault });
    }
    await report(ports, assignment, tally);
    await join(ports, ref, message.kind, message.job, message.task);
  } finally {
    if ('close' in source) source.close();
  }
}

/** The account's session, or the failure that all its scans share. */
async function openAccount<S>(
  ports: Pick<CollectPorts, 'table'>,
  { ref, provider, fence }: Assignment,
  open: (provider: ProviderItem) => Promise<S | undefined>,
): Promise<S | Failure> {
  const failure = (code: string): Failure => ({ outcome: 'failed', code, retryable: false });
  try {
    const session = await open(provider);
    if (session !== undefined) return session;
    // No secret: disconnected meanwhile, or rotated. The row, read again, knows.
    const now = await readProvider(ports.table, ref);
    if (now?.state !== 'connected') throw new FencedOffError();
    await fence.pass();
    return (await open(now)) ?? failure('CREDENTIALS_MISSING');
  } catch (error) {
    if (error instanceof FencedOffError) throw error;
    if (!(error instanceof UnreadableCredentialsError)) throw error;
    return failure('CREDENTIALS_UNREADABLE');
  }
}

function onwards({ done, tally, again }: LinkEnd): Onwards {
  return {
    set: { done: done.toString(), so_far: tally.report() },
    next: { readings: fitting(again.flatMap(({ reading }) => (reading === undefined ? [] : [reading]))) },
    fault: again.flatMap((one) => (one.again === 'out of time' ? [] : [one.again]))[0],
  };
}
