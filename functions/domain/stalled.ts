import { allOf, equal } from './conditions.ts';
import { endJob, type FinishPorts, finishProvider } from './finish.ts';
import { type JobItem, jobItem, type ProviderItem, providerItem, type Running, taskItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { LEASE_MS } from './lease.ts';
import type { JobKind } from './messages.ts';
import { activeAttribute, dueNext, ofKind, runningAs, unmoved } from './of-kind.ts';
import type { RequestQueue, Table } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import { JOB_LOOK_MS } from './schedule.ts';
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
  kind: JobKind,
): Promise<void> {
  const { active, running } = ofKind(provider, kind);
  if (active === undefined) return;
  const item = await ports.table.get(keys.job(ref, active));
  const job = item === undefined ? undefined : parseItem(jobItem, item);
  if (job?.outcome !== undefined) return finishProvider(ports, ref, kind, job);

  const seen = await positionOf(ports.table, ref, active, job);
  const moved = seen !== (running?.looked ?? '');
  const looks = running?.looks ?? 0;
  if (!moved && looks >= MOST_LOOKS) {
    ports.metrics.count('StalledJob');
    ports.log.error('A job stalled and is failed.', { provider: ref.id, job: active });
    const error = 'The job did not move and was given up.';
    return endJob(ports, ref, kind, active, { outcome: 'failed', by: 'outside', error });
  }
  const due = dueNext(ref, provider, kind, ports.clock.now() + (moved ? JOB_LOOK_MS : LEASE_MS));
  const looked: Running = {
    ...(running ?? { trigger: 'schedule', scope: 'all', since: provider.created_at }),
    looks: moved ? 0 : looks + 1,
    looked: seen,
  };
  const written = await ports.table.update(keys.provider(ref), {
    set: { ...runningAs(kind, looked), ...due.set },
    // Whoever looked meanwhile has moved this kind's due time.
    condition: allOf(
      equal('state', 'connected'),
      equal(activeAttribute(kind), active),
      unmoved(provider, kind),
      due.unmoved,
    ),
  });
  // Refused by my own try, whose answer was lost, is success.
  const stored = written.item === undefined ? undefined : ofKind(parseItem(providerItem, written.item), kind);
  const mine = stored?.due === due.at && stored.running?.looked === seen && stored.active === active;
  // A job without a row was never planned: that is no movement to wait for.
  if ((written.applied || mine) && (!moved || job === undefined)) await requestPlan(ports.requests, ref, kind, active);
}

/** Where a job stands: changes whenever any of its tasks is leased, sent on or joined. */
async function positionOf(table: Table, ref: ProviderRef, active: number, job: JobItem | undefined): Promise<string> {
  if (job === undefined) return '';
  const tasks = (await queryAll(table, keys.tasks(ref, active))).map((item) => parseItem(taskItem, item));
  const moves = tasks.reduce((n, task) => n + task.attempt + task.step + task.generation, 0);
  return `${job.pending.size}/${moves}`;
}
