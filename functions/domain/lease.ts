import { absent, allOf, anyOf, below, type Condition, equal } from './conditions.ts';
import { type TaskItem, taskItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { TaskMessage } from './messages.ts';
import { type Clock, isoTime, type Table } from './ports.ts';
import { parseItem } from './provider.ts';

/** Longer than any worker can live (its Lambda's timeout), so that an expired lease has a dead holder. */
export const LEASE_MS = 130_000;

/** How long a task's row, which details what its job sums up, is kept. */
const KEPT_SECONDS = 90 * 24 * 3600;

/** Who asks for a lease: one Lambda invocation, for one SQS message. */
export interface Worker {
  readonly invocation: string;
  readonly message: string;
}

export type Lease =
  | { readonly held: 'mine'; readonly task: TaskItem; readonly generation: number; readonly step: number }
  /** An earlier delivery of this very message died with it: leave the message, it comes back at the lease's end. */
  | { readonly held: 'by my own message'; readonly until: number }
  /** Another copy of the work is in somebody's hands, or the message is of an outdated link: acknowledge. */
  | { readonly held: 'elsewhere' };

export interface LeasePorts {
  readonly table: Table;
  readonly clock: Clock;
}

/** Takes the lease of a message's task, if it is free, expired or this invocation's own. */
export async function takeLease(
  ports: LeasePorts,
  ref: ProviderRef,
  message: TaskMessage,
  worker: Worker,
): Promise<Lease> {
  const key = keys.task(ref, message.job, message.task);
  // A task's first message usually finds no row: then the write itself is the look.
  let stored = message.step === 0 ? undefined : await ports.table.get(key);
  for (;;) {
    const task = stored === undefined ? undefined : parseItem(taskItem, stored);
    const now = ports.clock.now();
    const mine = task?.lease_invocation === worker.invocation && task.lease_message === worker.message;
    if (task?.lease_until !== undefined && !mine && task.lease_until > isoTime(now)) {
      return task.lease_message === worker.message
        ? { held: 'by my own message', until: Date.parse(task.lease_until) }
        : { held: 'elsewhere' };
    }
    const link = linkOf(task, message, mine);
    if (link === undefined) return { held: 'elsewhere' };
    const written = await ports.table.update(key, {
      set: {
        v: 1,
        attempt: (task?.attempt ?? 0) + (mine ? 0 : 1),
        lease_until: isoTime(now + LEASE_MS),
        lease_invocation: worker.invocation,
        lease_message: worker.message,
        expires_at: Math.floor(now / 1000) + KEPT_SECONDS,
        ...link,
      },
      condition: task === undefined ? absent('pk') : stillAs(task, now, worker),
    });
    if (written.applied) return { held: 'mine', task: parseItem(taskItem, written.item), ...link };
    stored = written.item;
  }
}

/**
 * The link of the task's chain that a message may work on. A task's first message, or the link just before the row's
 * step (it died between writing the step and sending the next link), begins a new generation from its own step.
 */
function linkOf(
  task: TaskItem | undefined,
  message: TaskMessage,
  mine: boolean,
): { readonly generation: number; readonly step: number } | undefined {
  if (task === undefined) return { generation: message.generation, step: message.step };
  const { generation, step } = task;
  if (mine || (message.generation === generation && message.step === step)) return { generation, step };
  if (message.step === 0 || (message.generation === generation && message.step === step - 1)) {
    return { generation: generation + 1, step: message.step };
  }
  return undefined;
}

function stillAs(task: TaskItem, now: number, worker: Worker): Condition {
  return allOf(
    equal('attempt', task.attempt),
    equal('generation', task.generation),
    equal('step', task.step),
    anyOf(absent('lease_until'), below('lease_until', isoTime(now)), equal('lease_invocation', worker.invocation)),
  );
}

/** Still this worker's task: nobody has taken it over since. */
export const stillMine = (lease: Lease & { held: 'mine' }): Condition =>
  allOf(equal('attempt', lease.task.attempt), equal('generation', lease.generation), equal('step', lease.step));

export const LEASE_ATTRIBUTES: readonly string[] = ['lease_until', 'lease_invocation', 'lease_message'];
