import { Bits } from './bits.ts';
import type { CloudSession, CollectorFacts, Failure } from './cloud.ts';
import { CloudCalls } from './cloud-calls.ts';
import { collectCosts } from './collect-costs.ts';
import type { CostFacts, CostSource, Spent } from './cost-source.ts';
import { RetryLaterError, SupersededError, UnreadableCredentialsError } from './errors.ts';
import { Fence, FencedOffError } from './fence.ts';
import { type FinishPorts, finishProvider, join, joinIsComplete } from './finish.ts';
import { type JobItem, jobItem, type PlanBody, type ProviderItem, type TaskItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { Lanes } from './lanes.ts';
import { LEASE_ATTRIBUTES, type Lease, stillMine, takeLease, type Worker } from './lease.ts';
import { LARGEST_MESSAGE_BYTES, type Reading, type TaskMessage } from './messages.ts';
import type { TaskQueues } from './ports.ts';
import { Progress } from './progress.ts';
import { parseItem, readProvider } from './provider.ts';
import { readScans } from './scan-row.ts';
import { readPlan } from './stored-plan.ts';
import type { Tally } from './task-report.ts';
import { type Calling, type ScanContext, type ScanEnd, workScan } from './work-scan.ts';

/** Calls to the cloud, and scans, in flight at a time in one invocation; of one scope at most half of them. */
const LANES = 64;
const MOST_PER_SCOPE = 32;
/** Rows written at a time in one invocation. */
const WRITES = 64;
/** Seconds until a task whose scans were throttled or met a fault is tried again, by how often it was before. */
const RETRY_DELAYS = [15, 30, 60] as const;
/** Links of one task: each lives for 100 s or more, unless something is wrong. */
const MOST_LINKS = 400;
/** Bytes of readings in one message; the rest of it is ids. */
const MOST_BYTES = LARGEST_MESSAGE_BYTES - 48_576;

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

type MyLease = Lease & { held: 'mine' };

/** What a worker knows of the task in its hands. */
export interface Assignment {
  readonly ref: ProviderRef;
  readonly message: TaskMessage;
  readonly lease: MyLease;
  readonly job: JobItem;
  readonly provider: ProviderItem;
  readonly fence: Fence;
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

/** Lease, then job row: undefined when there is nothing to do for this message. Also how fail-task begins. */
export async function takeTask(
  ports: FinishPorts,
  message: TaskMessage,
  worker: Worker,
): Promise<Assignment | undefined> {
  const ref: ProviderRef = { tenant: message.tenant, id: message.provider };
  const lease = await takeLease(ports, ref, message, worker);
  if (lease.held === 'by my own message') {
    throw new RetryLaterError(Math.max(1, Math.ceil((lease.until - ports.clock.now()) / 1000)));
  }
  if (lease.held === 'elsewhere') return undefined;
  const [item, provider] = await Promise.all([
    ports.table.get(keys.job(ref, message.job)),
    readProvider(ports.table, ref),
  ]);
  if (item === undefined) return undefined;
  const job = parseItem(jobItem, item);
  if (job.outcome !== undefined) {
    await finishProvider(ports, ref, message.kind, job);
    return undefined;
  }
  if (!job.pending.has(message.task)) {
    if (job.pending.size === 0) await joinIsComplete(ports, ref, message.kind, job);
    return undefined;
  }
  if (provider === undefined) return undefined;
  return { ref, message, lease, job, provider, fence: new Fence(ports, ref, message.kind, message.job, provider) };
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
  const may = { retry: message.retries < RETRY_DELAYS.length, goOn: message.step < MOST_LINKS };
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
  const may = { retry: message.retries < RETRY_DELAYS.length, goOn: message.step < MOST_LINKS };
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

/** A link's end as its task's row and the next link are told of it. */
interface Onwards {
  /** Set on the task's row with the step. */
  readonly set: Pick<TaskItem, 'done' | 'so_far'>;
  /** Where the next link goes on. */
  readonly next: Partial<Pick<TaskMessage, 'readings' | 'days'>>;
  /** The fault that was met; absent: only time was short. */
  readonly fault: Failure | undefined;
}

function onwards({ done, tally, again }: LinkEnd): Onwards {
  return {
    set: { done: done.toString(), so_far: tally.report() },
    next: { readings: fitting(again.flatMap(({ reading }) => (reading === undefined ? [] : [reading]))) },
    fault: again.flatMap((one) => (one.again === 'out of time' ? [] : [one.again]))[0],
  };
}

/**
 * What is not done goes back onto the queue as the task's next link: at once what only lacked time, after a while what
 * met a known fault, which is never left to the queue's own retries. The step is written before the message.
 */
async function sendOn(
  ports: CollectPorts,
  { ref, message, lease }: Assignment,
  { set, next: goingOn, fault }: Onwards,
): Promise<void> {
  const step = lease.step + 1;
  const written = await ports.table.update(keys.task(ref, message.job, message.task), {
    set: { step, ...set },
    remove: [...LEASE_ATTRIBUTES, 'progress'],
    condition: stillMine(lease),
  });
  // Refused by my own try, whose answer was lost, is success; any other refusal means that this is a fork.
  const mine = written.item?.step === step && written.item?.generation === lease.generation;
  if (!written.applied && !mine) return;
  if (fault?.outcome === 'throttled') ports.metrics.count('ThrottledScan');
  const next: TaskMessage = {
    ...message,
    generation: lease.generation,
    step,
    after: lease.task.attempt,
    retries: message.retries + (fault === undefined ? 0 : 1),
    ...goingOn,
  };
  const delaySeconds = fault === undefined ? 0 : (RETRY_DELAYS[message.retries] ?? 60);
  ports.log.info('A task goes on in another link.', { provider: ref.id, job: message.job, code: fault?.code });
  await ports.tasks.to(message.cloud).send([next], { fairness: ref.tenant, delaySeconds });
}

/** As many as one message may hold; the others begin anew. */
function fitting(readings: readonly Reading[]): Reading[] {
  let bytes = 0;
  return readings.filter((reading) => {
    bytes += JSON.stringify(reading).length;
    return bytes <= MOST_BYTES;
  });
}

/** Writes the task's report under its lease. */
export async function report(
  ports: Pick<CollectPorts, 'table'>,
  { ref, message, lease }: Assignment,
  tally: Tally,
): Promise<void> {
  const written = await ports.table.update(keys.task(ref, message.job, message.task), {
    set: { report: tally.report() },
    remove: ['done', 'so_far', 'progress'],
    condition: stillMine(lease),
  });
  if (!written.applied) throw new SupersededError('The task is in other hands.');
}
