import * as z from 'zod';
import { OUTCOMES } from './cloud.ts';
import { JOB_OUTCOMES, TRIGGERS } from './items.ts';

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
    kind: z.enum(['inventory', 'costs']),
    trigger: z.enum(TRIGGERS),
    outcome: z.enum(JOB_OUTCOMES),
    started_at: z.string(),
    finished_at: z.string(),
    /** Current resources that are known after the sync; absent where nothing was planned. */
    resource_count: z.int().nonnegative().optional(),
    /** Cells by outcome, as the provider's `coverage`. */
    coverage: z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative()),
    changes: z.object({ created: z.int(), updated: z.int(), removed: z.int() }),
  }),
  ProviderDisconnected: z.object({ ...about }),
} as const;

export type EventName = keyof typeof eventSchemas;
/** One event: its name and its detail. */
export type DomainEvent = {
  [N in EventName]: { readonly name: N; readonly detail: z.infer<(typeof eventSchemas)[N]> };
}[EventName];
