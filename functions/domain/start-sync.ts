import { absent, allOf, equal } from './conditions.ts';
import { NotFoundError } from './errors.ts';
import type { Trigger } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { JobKind } from './messages.ts';
import { type Clock, isoTime, type RequestQueue, type Table } from './ports.ts';
import { readProvider } from './provider.ts';
import { dueAt, JOB_LOOK_MS } from './schedule.ts';

export interface StartPorts {
  readonly table: Table;
  readonly requests: RequestQueue;
  readonly clock: Clock;
}

/** Puts the request to plan a job onto its queue. */
export async function requestPlan(queue: RequestQueue, ref: ProviderRef, kind: JobKind, job: number): Promise<void> {
  await queue.send([{ v: 1, tenant: ref.tenant, provider: ref.id, kind, job }], { fairness: ref.tenant });
}

/**
 * Starts an inventory sync, or answers the one that is running: at most one is active under any race.
 * @returns the job's number. @throws NotFoundError when the provider is not connected.
 */
export async function startSync(
  ports: StartPorts,
  ref: ProviderRef,
  how: { readonly trigger: Trigger; readonly scope: 'all' | 'failed' },
): Promise<number> {
  for (;;) {
    const provider = await readProvider(ports.table, ref);
    if (provider?.state !== 'connected') throw new NotFoundError();
    if (provider.active_inventory !== undefined) return provider.active_inventory;
    const job = provider.last_job + 1;
    const now = ports.clock.now();
    // Tasks of a job that follows an early end are delayed until the quiet time is over; so is the first look at it.
    const from = Math.max(now, Date.parse(provider.quiet_until ?? '') || 0);
    const written = await ports.table.update(keys.provider(ref), {
      set: {
        last_job: job,
        active_inventory: job,
        active_trigger: how.trigger,
        active_scope: how.scope,
        active_since: isoTime(now),
        looks: 0,
        ...dueAt(ref, from + JOB_LOOK_MS),
      },
      remove: ['looked'],
      condition: allOf(equal('state', 'connected'), absent('active_inventory'), equal('last_job', provider.last_job)),
    });
    // Refused by my own earlier try, whose answer was lost: go on. Two messages for one job do no harm.
    const mine = written.item?.active_inventory === job && written.item?.active_since === isoTime(now);
    if (!written.applied && !mine) continue;
    await requestPlan(ports.requests, ref, 'inventory', job);
    return job;
  }
}
