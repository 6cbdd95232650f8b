import type { CloudSession, Failure } from './cloud.ts';
import { RetryLaterError, UnreadableCredentialsError } from './errors.ts';
import { Fence, FencedOffError } from './fence.ts';
import { finishProvider, join, joinIsComplete } from './finish.ts';
import { type JobItem, jobItem, type PlanBody, type ProviderItem, type ScanReport } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { Lanes } from './lanes.ts';
import { LEASE_ATTRIBUTES, type Lease, stillMine, takeLease, type Worker } from './lease.ts';
import type { Log, Metrics } from './log.ts';
import type { TaskMessage } from './messages.ts';
import type { Clock, Table, TaskQueues } from './ports.ts';
import { parseItem, readProvider } from './provider.ts';
import { readPlan } from './stored-plan.ts';
import { workScan } from './work-scan.ts';
import { SupersededError } from './write-scan.ts';

/** Calls to the cloud in flight at a time in one invocation. */
const LANES = 32;
/** Seconds until a task whose scans were throttled or met a fault is tried again, by how often it was before. */
const RETRY_DELAYS = [15, 30, 60] as const;

export interface CollectPorts {
  readonly table: Table;
  readonly tasks: TaskQueues;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Opens the account with its stored credentials; undefined when there is no such secret. */
  open(provider: ProviderItem): Promise<(CloudSession & { close(): void }) | undefined>;
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
    const plan = await readPlan(ports.table, assignment.ref, assignment.job.plan ?? 0);
    const { reports, again } = await workScans(ports, assignment, plan.scans[message.task - 1] ?? [], deadline);
    if (again.length > 0) return await sendOn(ports, assignment, reports, again[0]);
    await report(ports, assignment, reports);
    await join(ports, assignment.ref, message.kind, message.job, message.task);
  } catch (error) {
    if (!(error instanceof FencedOffError)) throw error;
    ports.log.info('The job is over; the task stops.', { provider: assignment.ref.id, job: message.job });
  }
}

/** Lease, then job row: undefined when there is nothing to do for this message. Also how fail-task begins. */
export async function takeTask(
  ports: Pick<CollectPorts, 'table' | 'clock' | 'log'>,
  message: TaskMessage,
  worker: Worker,
): Promise<Assignment | undefined> {
  const ref: ProviderRef = { tenant: message.tenant, id: message.provider };
  const lease = await takeLease(ports, ref, message, worker);
  if (lease.held === 'by my own message') {
    throw new RetryLaterError(Math.max(1, Math.ceil((lease.until - ports.clock.now()) / 1000)));
  }
  if (lease.held === 'elsewhere') return undefined;
  const item = await ports.table.get(keys.job(ref, message.job));
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
  const provider = await readProvider(ports.table, ref);
  if (provider === undefined) return undefined;
  return { ref, message, lease, job, provider, fence: new Fence(ports, ref, message.kind, message.job) };
}

async function workScans(
  ports: CollectPorts,
  assignment: Assignment,
  scans: PlanBody['scans'][number],
  deadline: number,
): Promise<{ readonly reports: readonly ScanReport[]; readonly again: readonly Failure[] }> {
  const done = assignment.lease.task.done ?? [];
  const known = new Set(done.map((report) => report.scan));
  const left = scans.filter(([collector, scope]) => !known.has(`${scope}#${collector}`));
  const session = await openSession(ports, assignment);
  const lanes = new Lanes(LANES);
  let rejections = 0;
  const rejected = (): void => {
    rejections += 1;
  };
  try {
    const results = await Promise.allSettled(
      left.map(([collector, scope]) =>
        workScan(
          { ...assignment, table: ports.table, lanes, outOfTime: () => ports.clock.now() >= deadline, rejected },
          session,
          { collector, scope },
          assignment.lease.step < RETRY_DELAYS.length,
        ),
      ),
    );
    const reports: ScanReport[] = [...done];
    const again: Failure[] = [];
    const errors: unknown[] = [];
    for (const result of results) {
      if (result.status === 'rejected') errors.push(result.reason);
      else if ('retry' in result.value) again.push(result.value.retry);
      else reports.push(result.value);
    }
    // Only after every scan has ended, so that nothing is at work behind the error.
    const first = errors.find((error) => !(error instanceof FencedOffError)) ?? errors[0];
    if (first !== undefined) throw first;
    return { reports, again };
  } finally {
    // Once a task: the alarm asks whether, not how often.
    if (rejections > 0) ports.metrics.count('CredentialsRejected');
    if ('close' in session) session.close();
  }
}

/** The account's session, or the failure that all its scans share. */
async function openSession(
  ports: CollectPorts,
  { ref, provider, fence }: Assignment,
): Promise<(CloudSession & { close(): void }) | Failure> {
  const failure = (code: string): Failure => ({ outcome: 'failed', code, retryable: false });
  try {
    const session = await ports.open(provider);
    if (session !== undefined) return session;
    // No secret: disconnected meanwhile, or rotated. The row, read again, knows.
    const now = await readProvider(ports.table, ref);
    if (now?.state !== 'connected') throw new FencedOffError();
    await fence.pass();
    return (await ports.open(now)) ?? failure('CREDENTIALS_MISSING');
  } catch (error) {
    if (error instanceof FencedOffError) throw error;
    if (!(error instanceof UnreadableCredentialsError)) throw error;
    return failure('CREDENTIALS_UNREADABLE');
  }
}

/** A known fault is not left to the queue's retries: the task goes back onto it, with what it has done, and a delay. */
async function sendOn(
  ports: CollectPorts,
  { ref, message, lease }: Assignment,
  reports: readonly ScanReport[],
  reason: Failure | undefined,
): Promise<void> {
  const step = lease.step + 1;
  const written = await ports.table.update(keys.task(ref, message.job, message.task), {
    set: { step, done: reports.map((one) => ({ ...one })) },
    remove: LEASE_ATTRIBUTES,
    condition: stillMine(lease),
  });
  // Refused by my own try, whose answer was lost, is success; any other refusal means that this is a fork.
  const mine = written.item?.step === step && written.item?.generation === lease.generation;
  if (!written.applied && !mine) return;
  if (reason?.outcome === 'throttled') ports.metrics.count('ThrottledScan');
  const delaySeconds = RETRY_DELAYS[lease.step] ?? 60;
  ports.log.warn('Some scans are tried again later.', { provider: ref.id, job: message.job, code: reason?.code });
  await ports.tasks
    .to(message.cloud)
    .send([{ ...message, generation: lease.generation, step }], { fairness: ref.tenant, delaySeconds });
}

/** Writes the task's report under its lease. */
export async function report(
  ports: Pick<CollectPorts, 'table'>,
  { ref, message, lease }: Assignment,
  reports: readonly ScanReport[],
): Promise<void> {
  const written = await ports.table.update(keys.task(ref, message.job, message.task), {
    set: { report: reports.map((one) => ({ ...one })) },
    remove: ['done'],
    condition: stillMine(lease),
  });
  if (!written.applied) throw new SupersededError('The task is in other hands.');
}
