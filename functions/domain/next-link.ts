import type { Assignment } from './assignment.ts';
import type { Failure } from './cloud.ts';
import type { FinishPorts } from './finish.ts';
import type { TaskItem } from './items.ts';
import { keys } from './keys.ts';
import { LEASE_ATTRIBUTES, stillMine } from './lease.ts';
import { LARGEST_MESSAGE_BYTES, type Reading, type TaskMessage } from './messages.ts';
import type { TaskQueues } from './ports.ts';

/** Seconds until a task whose scans were throttled or met a fault is tried again, by how often it was before. */
const RETRY_DELAYS = [15, 30, 60] as const;
/** Links of one task: each lives for 100 s or more, unless something is wrong. */
const MOST_LINKS = 400;
/** Bytes of readings in one message; the rest of it is ids. */
const MOST_BYTES = LARGEST_MESSAGE_BYTES - 48_576;

/** Whether a task may be tried again after a fault, and whether it may go on in another link at all. */
export const mayGoOn = ({ retries, step }: TaskMessage): { readonly retry: boolean; readonly goOn: boolean } => ({
  retry: retries < RETRY_DELAYS.length,
  goOn: step < MOST_LINKS,
});

/** A link's end as its task's row and the next link are told of it. */
export interface Onwards {
  /** Set on the task's row with the step. */
  readonly set: Pick<TaskItem, 'done' | 'so_far'>;
  /** Where the next link goes on. */
  readonly next: Partial<Pick<TaskMessage, 'readings' | 'days'>>;
  /** The fault that was met; absent: only time was short. */
  readonly fault: Failure | undefined;
}

/**
 * What is not done goes back onto the queue as the task's next link: at once what only lacked time, after a while what
 * met a known fault, which is never left to the queue's own retries. The step is written before the message.
 */
export async function sendOn(
  ports: FinishPorts & { readonly tasks: TaskQueues },
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
export function fitting(readings: readonly Reading[]): Reading[] {
  let bytes = 0;
  return readings.filter((reading) => {
    bytes += JSON.stringify(reading).length;
    return bytes <= MOST_BYTES;
  });
}
