import * as z from 'zod';
import { DENIERS, OUTCOMES } from './cloud.ts';
import { JOB_KINDS, runSchema } from './messages.ts';

/** Schemas of what the table holds. `v` is each item's schema version; times are RFC 3339 with milliseconds. */
const version = z.literal(1);
const time = z.string();

export const PROVIDER_STATES = ['connecting', 'connected', 'disconnecting', 'disconnected', 'aborted'] as const;
export const JOB_OUTCOMES = ['succeeded', 'partial', 'failed', 'cancelled'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];
export const TRIGGERS = ['connect', 'manual', 'schedule'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** How many cells ended how; the provider row and the job row carry it. */
export const cellCounts = z.partialRecord(z.enum(OUTCOMES), z.int().nonnegative());
export type CellCounts = z.infer<typeof cellCounts>;

/** How an active job came about, and how often the sweep has looked at it without seeing it move, and what it saw. */
const running = z.object({
  trigger: z.enum(TRIGGERS),
  scope: z.enum(['all', 'failed']),
  since: time,
  looks: z.int().nonnegative(),
  looked: z.string().optional(),
});
export type Running = z.infer<typeof running>;

export const providerItem = z.object({
  v: version,
  /** The readable tenant; `pk` holds only its hash. */
  tenant: z.string(),
  id: z.int().positive(),
  cloud: z.string(),
  name: z.string(),
  account: z.string(),
  state: z.enum(PROVIDER_STATES),
  /** Name of the secret below the deployment's prefix: `<cloud>/<random>`. */
  secret: z.string(),
  rotating: z.string().optional(),
  retiring: z.array(z.string()).optional(),
  last_job: z.int().nonnegative(),
  /** Number of the active job of each kind; see `of-kind.ts` for how these are read and written. */
  active_inventory: z.int().positive().optional(),
  active_costs: z.int().positive().optional(),
  running_inventory: running.optional(),
  running_costs: running.optional(),
  /** When somebody must look at that kind: at its active job, or to start one. `due_at` is the earliest of them. */
  due_inventory: time.optional(),
  due_costs: time.optional(),
  /** Workers of a job of that kind that ended early may live so long. */
  quiet_until_inventory: time.optional(),
  quiet_until_costs: time.optional(),
  /** Between scheduled inventory jobs. */
  interval_minutes: z.int().positive(),
  status: z.enum(['syncing', 'synced', 'error']),
  resource_count: z.int().nonnegative(),
  cells: cellCounts.optional(),
  complete: z.boolean(),
  created_at: time,
  last_synced_at: time.optional(),
  last_full_sync_at: time.optional(),
  last_complete_sync_at: time.optional(),
  disconnected_at: time.optional(),
  due_pk: z.string().optional(),
  due_at: time.optional(),
});
export type ProviderItem = z.infer<typeof providerItem>;

export const claimItem = z.object({ v: version, provider: z.int().positive() });
export const sequenceItem = z.object({ value: z.int().positive() });

export const totals = z.object({
  found: z.int(),
  created: z.int(),
  updated: z.int(),
  removed: z.int(),
  api_calls: z.int(),
  cells: cellCounts,
});
export type Totals = z.infer<typeof totals>;

/** Calls to the cloud by `<service> <operation> <outcome>`; the ledger of a job is the sum of its tasks'. */
export const callCounts = z.record(z.string(), z.int().nonnegative());
export type CallCounts = z.infer<typeof callCounts>;

export const jobItem = z.object({
  v: version,
  job: z.int().positive(),
  kind: z.enum(JOB_KINDS),
  trigger: z.enum(TRIGGERS),
  scope: z.enum(['all', 'failed']).default('all'),
  plan: z.int().positive().optional(),
  tasks: z.int().nonnegative(),
  /** Cells that it has to do. */
  cells: z.int().nonnegative().optional(),
  /** The calls that planning it took; its tasks have their own. */
  calls: callCounts.optional(),
  /** Tasks that have not joined; DynamoDB drops an empty set. */
  pending: z.set(z.int().positive()).default(new Set()),
  started_at: time,
  outcome: z.enum(JOB_OUTCOMES).optional(),
  finished_at: time.optional(),
  /** `outside`: cancelled, stalled or disconnected; old workers may live on for the quiet time. */
  ended_by: z.enum(['join', 'outside']).optional(),
  error: z.string().optional(),
  totals: totals.optional(),
});
export type JobItem = z.infer<typeof jobItem>;

/** `[collector, scope, milliseconds it is expected to take]` of each scan, by task: the first is task 1. */
export const planBody = z.object({
  scans: z.array(z.array(z.tuple([z.string(), z.string(), z.int().nonnegative()]))),
  cells: z.int().nonnegative(),
});
export type PlanBody = z.infer<typeof planBody>;
export const planItem = z.object({ v: version, version: z.int().positive(), body: z.instanceof(Uint8Array) });
export type PlanItem = z.infer<typeof planItem>;

/** What a task, or a part of it, has come to. Small whatever the number of its scans: it is one write unit. */
export const taskReport = z.object({
  cells: cellCounts,
  found: z.int(),
  created: z.int(),
  updated: z.int(),
  removed: z.int(),
  api_calls: z.int(),
  /** `CallCounts`, packed. */
  calls: z.instanceof(Uint8Array),
});
export type TaskReport = z.infer<typeof taskReport>;

export const taskItem = z.object({
  v: version,
  attempt: z.int().nonnegative(),
  lease_until: time.optional(),
  lease_invocation: z.string().optional(),
  lease_message: z.string().optional(),
  generation: z.int().nonnegative(),
  step: z.int().nonnegative(),
  /** Scans of this generation that are done, a bit each in base64; the rest is what a later link works on. */
  done: z.string().optional(),
  /** What the done ones came to. */
  so_far: taskReport.optional(),
  /** For whoever watches: how far the link at work is. Nothing else reads it. */
  progress: taskReport.optional(),
  /** The whole task's, written before it joins. */
  report: taskReport.optional(),
  /** Seconds since 1970 after which it goes by itself. */
  expires_at: z.int().optional(),
});
export type TaskItem = z.infer<typeof taskItem>;

/** How many rows were written for what. */
export const writtenCounts = z.object({ created: z.int(), updated: z.int(), removed: z.int() });

export const cellItem = z.object({
  outcome: z.enum(OUTCOMES),
  count: z.int().nonnegative(),
  /** Start of the job that last collected it completely, as far as this row knows; see `lastComplete`. */
  stamped_at: time.optional(),
  error: z.string().optional(),
  permission: z.string().optional(),
  denied_by: z.enum(DENIERS).optional(),
});
export type CellItem = z.infer<typeof cellItem>;

export const scanItem = z.object({
  v: version,
  collector: z.string(),
  scope: z.string(),
  /** Counts up with every write of this row; writers state the one they read. */
  version: z.int().positive(),
  /** Stamp of who began to write rows and has not committed: the stored digest then says nothing. */
  torn: z.string().optional(),
  /** Stamp of who wrote this row last. */
  by: z.string(),
  /** Stamp of who last committed it complete: rows with a later one were written by somebody who did not. */
  committed: z.string().optional(),
  digest: z.string().optional(),
  /** The fingerprints that stand for its rows, oldest run first; absent: the scan is small and its rows are read. */
  prints: z.array(runSchema).optional(),
  cells: z.record(z.string(), cellItem),
  /** Its fingerprints do not stand for what the types hold that its last commit could not answer. */
  gaps: z.literal(true).optional(),
  /** What its last commit came to, for a worker that meets it again under the same job. */
  written: writtenCounts.optional(),
  duration_ms: z.int().nonnegative().optional(),
});
export type ScanItem = z.infer<typeof scanItem>;

export const resourceItem = z.object({
  pk: z.string(),
  sk: z.string(),
  v: version,
  stamp: z.string(),
  first_seen_at: time,
  removed_at: time.optional(),
  /** Only on a row that is gone; one that is there was last seen when its cell was last complete. */
  last_seen_at: time.optional(),
  /** Hash of the content, so that a comparison need not open `doc`. */
  content: z.string(),
  doc: z.instanceof(Uint8Array),
});
export type ResourceItem = z.infer<typeof resourceItem>;

/** A pack of change entries, deflated; see `change-log.ts`. */
export const packItem = z.object({
  pk: z.string(),
  sk: z.string(),
  v: version,
  entries: z.instanceof(Uint8Array),
});
export const printsItem = z.object({ pk: z.string(), sk: z.string(), v: version, prints: z.instanceof(Uint8Array) });

/** An `Idempotency-Key` in use, and the answer it was given. It goes by itself after a day (`expires_at`, seconds). */
export const idempotencyItem = z.object({
  v: version,
  /** Digest of the body without its secret fields. */
  digest: z.string(),
  /** Who is at work on it, so that a lost answer is known as one's own. */
  owner: z.string(),
  started_at: time,
  /** The id that the request reserved before its first effect. */
  provider: z.int().positive().optional(),
  status: z.int().optional(),
  body: z.string().optional(),
  expires_at: z.int(),
});
export type IdempotencyItem = z.infer<typeof idempotencyItem>;

/** How a provider's source of costs stands. */
export const costSourceItem = z.object({
  v: version,
  /** Stamp of who wrote this row last. */
  by: z.string(),
  outcome: z.enum(OUTCOMES),
  error: z.string().optional(),
  permission: z.string().optional(),
  denied_by: z.enum(DENIERS).optional(),
  /** Start of the last job that tried to read it, and of the last that read all it was to. */
  read_at: time,
  complete_at: time.optional(),
  /** The days that are known, first and last. */
  from: z.string().optional(),
  through: z.string().optional(),
});
export type CostSourceItem = z.infer<typeof costSourceItem>;

/** What reading costs has taken in a month. Each call is in it before it is made, at the most that it may take. */
export const costSpendItem = z.object({
  calls: z.int().default(0),
  bytes: z.number().default(0),
  /** Seconds since 1970 after which it goes by itself. */
  expires_at: z.int().optional(),
});

/** An exact sum in one currency; `credits` is absent where no row of it says. */
export const costSum = z.object({
  currency: z.string(),
  amount: z.string(),
  credits: z.string().optional(),
  estimated: z.boolean(),
});
export type CostSum = z.infer<typeof costSum>;

/** One day's costs of one source. Its rows are deflated, here where they are few, else in parts; see `cost-days.ts`. */
export const costDayItem = z.object({
  sk: z.string(),
  v: version,
  /** Stamp of who wrote it. */
  stamp: z.string(),
  /** Hash of its rows, so that a comparison need not open them. */
  content: z.string(),
  sums: z.array(costSum),
  rows: z.instanceof(Uint8Array).optional(),
  parts: z.int().positive().optional(),
});
export type CostDayItem = z.infer<typeof costDayItem>;
export const costPartItem = z.object({ rows: z.instanceof(Uint8Array) });
