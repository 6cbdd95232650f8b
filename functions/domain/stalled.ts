import { allOf, equal } from './conditions.ts';
import { endJob, type FinishPorts, finishProvider } from './finish.ts';
import { type JobItem, jobItem, type ProviderItem, taskItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { LEASE_MS } from './lease.ts';
import type { RequestQueue, Table } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import { dueAt, JOB_LOOK_MS } from './schedule.ts';
import { requestPlan } from './start-sync.ts';

export interface StallPorts extends FinishPorts {
  readonly requests: RequestQueue;
}

/** Looks that may find a job where it was before; the next one fails it. */
const MOST_LOOKS = 3;

/**
 * Looks at an active job past its time: one that moved is looked at again later; one that did not is planned again
 * (which sends its messages again), and after three such looks, each at least a lease apart, it is failed.
 */
export async function lookAtJob(
  ports: StallPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  active: number,
): Promise<void> {
  const item = await ports.table.get(keys.job(ref, active));
  const job = item === undefined ? undefined : parseItem(jobItem, item);
  if (job?.outcome !== undefined) return finishProvider(ports, ref, 'inventory', job);

  const seen = await positionOf(ports.table, ref, active, job);
  const moved = seen !== (provider.looked ?? '');
  const looks = provider.looks ?? 0;
  if (!moved && looks >= MOST_LOOKS) {
    ports.metrics.count('StalledJob');
    ports.log.error('A job stalled and is failed.', { provider: ref.id, job: active });
    const error = 'The job did not move and was given up.';
    return endJob(ports, ref, 'inventory', active, { outcome: 'failed', by: 'outside', error });
  }
  const due = dueAt(ref, ports.clock.now() + (moved ? JOB_LOOK_MS : LEASE_MS));
  const written = await ports.table.update(keys.provider(ref), {
    set: { looks: moved ? 0 : looks + 1, looked: seen, ...due },
    condition: allOf(
      equal('state', 'connected'),
      equal('active_inventory', active),
      ...(provider.looks === undefined ? [] : [equal('looks', looks)]),
    ),
  });
  // Refused by my own try, whose answer was lost, is success.
  const mine = written.item?.due_at === due.due_at && written.item.looked === seen;
  // A job without a row was never planned: that is no movement to wait for.
  if ((written.applied || mine) && (!moved || job === undefined))
    await requestPlan(ports.requests, ref, 'inventory', active);
}

/** Where a job stands: changes whenever any of its tasks is leased, sent on or joined. */
async function positionOf(table: Table, ref: ProviderRef, active: number, job: JobItem | undefined): Promise<string> {
  if (job === undefined) return '';
  const tasks = (await queryAll(table, keys.tasks(ref, active))).map((item) => parseItem(taskItem, item));
  const moves = tasks.reduce((n, task) => n + task.attempt + task.step + task.generation, 0);
  return `${job.pending.size}/${moves}`;
}
