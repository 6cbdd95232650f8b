import { absent, allOf, equal } from './conditions.ts';
import { NotFoundError } from './errors.ts';
import { providerItem, type Running, type Trigger } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { JobKind } from './messages.ts';
import { activated, activeAttribute, dueNext, ofKind } from './of-kind.ts';
import { type Clock, isoTime, type RequestQueue, type Table } from './ports.ts';
import { parseItem, readProvider } from './provider.ts';
import { JOB_LOOK_MS } from './schedule.ts';

export interface StartPorts {
  readonly table: Table;
  readonly requests: RequestQueue;
  readonly clock: Clock;
}

/** How a job is begun. */
export interface StartAs {
  readonly trigger: Trigger;
  readonly scope: 'all' | 'failed';
}

/** Puts the request to plan a job onto its queue. */
export async function requestPlan(queue: RequestQueue, ref: ProviderRef, kind: JobKind, job: number): Promise<void> {
  await queue.send([{ v: 1, tenant: ref.tenant, provider: ref.id, kind, job }], { fairness: ref.tenant });
}

/** Starts an inventory sync, as `startJob` does. */
export const startSync = (ports: StartPorts, ref: ProviderRef, how: StartAs): Promise<number> =>
  startJob(ports, ref, 'inventory', how);

/**
 * Starts a job of a kind, or answers the one that is running: at most one of each kind is active under any race.
 * @returns the job's number. @throws NotFoundError when the provider is not connected.
 */
export async function startJob(ports: StartPorts, ref: ProviderRef, kind: JobKind, how: StartAs): Promise<number> {
  for (;;) {
    const provider = await readProvider(ports.table, ref);
    if (provider?.state !== 'connected') throw new NotFoundError();
    const { active, quietUntil } = ofKind(provider, kind);
    if (active !== undefined) return active;
    const job = provider.last_job + 1;
    const now = ports.clock.now();
    const running: Running = { ...how, since: isoTime(now), looks: 0 };
    // Tasks of a job that follows an early end are delayed until the quiet time is over; so is the first look at it.
    const from = Math.max(now, Date.parse(quietUntil ?? '') || 0);
    const due = dueNext(ref, provider, kind, from + JOB_LOOK_MS);
    const written = await ports.table.update(keys.provider(ref), {
      set: { last_job: job, ...activated(kind, job, running), ...due.set },
      condition: allOf(
        equal('state', 'connected'),
        absent(activeAttribute(kind)),
        equal('last_job', provider.last_job),
        due.unmoved,
      ),
    });
    // Refused by my own earlier try, whose answer was lost: go on. Two messages for one job do no harm.
    const stored = written.item === undefined ? undefined : ofKind(parseItem(providerItem, written.item), kind);
    const mine = stored?.active === job && stored.running?.since === running.since;
    if (!written.applied && !mine) continue;
    await requestPlan(ports.requests, ref, kind, job);
    return job;
  }
}
