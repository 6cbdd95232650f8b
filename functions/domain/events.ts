import * as z from 'zod';
import { OUTCOMES } from './cloud.ts';
import { JOB_OUTCOMES, type JobItem, type ProviderItem, TRIGGERS } from './items.ts';
import type { ProviderRef } from './keys.ts';
import type { Log, Metrics } from './log.ts';
import { JOB_KINDS } from './messages.ts';
import { type Clock, type Events, isoTime } from './ports.ts';

/** Which provider an event is about, in every event's `detail`. Ids and counts only: no credential, no resource. */
const about = {
  /** Schema version of the detail. */
  version: z.literal(1),
  /** The same for every copy of one event: delivery is at least once. */
  id: z.string(),
  /** RFC 3339. */
  time: z.string(),
  tenant: z.string(),
  provider_id: z.int().positive(),
  /** The cloud: `aws`, … */
  type: z.string(),
};

/** Every event this service publishes, by EventBridge's `detail-type`, with the schema of its `detail`. */
export const eventSchemas = {
  ProviderConnected: z.object({ ...about, account: z.string(), job_id: z.int().positive() }),
  SyncFinished: z.object({
    ...about,
    job_id: z.int().positive(),
    kind: z.enum(JOB_KINDS),
    trigger: z.enum(TRIGGERS),
    outcome: z.enum(JOB_OUTCOMES),
    started_at: z.string(),
    finished_at: z.string(),
    /** Current resources that are known after the sync; absent where nothing was planned. */
    resource_count: z.int().nonnegative().optional(),
    /** Cells by outcome, as the provider's `coverage`; of a costs job, how its one source ended. */
    coverage: z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative()),
    /** Resources; of a costs job, days. */
    changes: z.object({ created: z.int(), updated: z.int(), removed: z.int() }),
  }),
  ProviderDisconnected: z.object({ ...about }),
} as const;

export type EventName = keyof typeof eventSchemas;
/** One event: its name and its detail. */
export type DomainEvent = {
  [N in EventName]: { readonly name: N; readonly detail: z.infer<(typeof eventSchemas)[N]> };
}[EventName];

export interface EventPorts {
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a sync left behind, for its event. */
type Finished = z.infer<(typeof eventSchemas)['SyncFinished']>;

export const providerConnected = (ports: EventPorts, ref: ProviderRef, provider: ProviderItem, job: number) =>
  publish(ports, {
    name: 'ProviderConnected',
    detail: { ...aboutOf(ports, ref, provider, 'connected'), account: provider.account, job_id: job },
  });

export const providerDisconnected = (ports: EventPorts, ref: ProviderRef, provider: ProviderItem) =>
  publish(ports, { name: 'ProviderDisconnected', detail: aboutOf(ports, ref, provider, 'disconnected') });

/** @param job a final one. */
export const syncFinished = (
  ports: EventPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  job: JobItem,
  known: Pick<Finished, 'resource_count' | 'coverage'>,
) => {
  const { created, updated, removed } = job.totals ?? { created: 0, updated: 0, removed: 0 };
  return publish(ports, {
    name: 'SyncFinished',
    detail: {
      ...aboutOf(ports, ref, provider, `sync-${job.job}`),
      job_id: job.job,
      kind: job.kind,
      trigger: job.trigger,
      outcome: job.outcome ?? 'failed',
      started_at: job.started_at,
      finished_at: job.finished_at ?? isoTime(ports.clock.now()),
      ...known,
      changes: { created, updated, removed },
    },
  });
};

function aboutOf({ clock }: EventPorts, ref: ProviderRef, provider: ProviderItem, what: string) {
  const { tenant, id, cloud } = provider;
  const about = { version: 1, time: isoTime(clock.now()), tenant, provider_id: id, type: cloud } as const;
  return { ...about, id: `${ref.tenant}-${id}-${what}` };
}

/**
 * At least once: whoever repeats the step behind it publishes again. A bus that refuses does not hold up a sync or a
 * disconnect; the loss is counted, and an alarm tells.
 */
async function publish({ events, log, metrics }: EventPorts, event: DomainEvent): Promise<void> {
  try {
    await events.publish(event);
  } catch (error) {
    metrics.count('EventFailed');
    log.error('An event could not be published.', { event: event.name, id: event.detail.id, error });
  }
}
