import { RetryLaterError, SupersededError } from './errors.ts';
import { Fence } from './fence.ts';
import { type FinishPorts, finishProvider, joinIsComplete } from './finish.ts';
import { type JobItem, jobItem, type ProviderItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { type Lease, stillMine, takeLease, type Worker } from './lease.ts';
import type { TaskMessage } from './messages.ts';
import { parseItem, readProvider } from './provider.ts';
import type { Tally } from './task-report.ts';

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

/** Writes the task's report under its lease. */
export async function report(
  ports: Pick<FinishPorts, 'table'>,
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
