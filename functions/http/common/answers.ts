import * as z from 'zod';
import { DENIERS, OUTCOMES } from '../../domain/cloud.ts';
import { fieldChange } from '../../domain/hashing.ts';
import { JOB_OUTCOMES, TRIGGERS } from '../../domain/items.ts';
import { COST_GROUPS } from '../../domain/list-costs.ts';
import { JOB_KINDS } from '../../domain/messages.ts';
import { resourceSchema } from '../../domain/resource.ts';

/** RFC 3339 in UTC, whole seconds: `2024-01-15T10:00:00Z`. */
const time = z.string();

/**
 * How a cell, one type in one region, stands. Only `collected` says what exists: after any other, what the cell held
 * stays current. `out_of_scope`: its scan has left the plan; what it held is neither current nor gone, and not counted.
 */
export const CELL_OUTCOMES = [...OUTCOMES, 'out_of_scope'] as const;
const cellOutcome = z.enum(CELL_OUTCOMES);

/** Cells by outcome; an outcome that no cell has is left out. */
const coverage = z.partialRecord(cellOutcome, z.int().nonnegative());

/** `GET /` and `GET /{id}`; `status` follows inventory jobs only, `complete` is false while any cell is not collected. */
export const providerSchema = z.object({
  id: z.int().positive(),
  name: z.string(),
  type: z.string(),
  status: z.enum(['syncing', 'synced', 'error']),
  resource_count: z.int().nonnegative(),
  last_synced_at: time.nullable(),
  created_at: time,
  complete: z.boolean(),
  last_complete_sync_at: time.nullable(),
  /** As the last sync left it; `{}` until one has ended. Cell by cell: `GET /{id}/coverage`. */
  coverage,
  disconnected_at: time.optional(),
});
export type ProviderWire = z.infer<typeof providerSchema>;

export const syncStartedSchema = z.object({ job_id: z.int().positive(), status: z.literal('running') });

/**
 * One of `GET /{id}/jobs`. `queued`: its request waits, nothing is planned, and its numbers are 0. Resources count what
 * this job read and wrote; of a costs job, which has one cell, they are days. Numbers of a running job are some seconds behind, and so are those of a cancelled one until
 * the pages in flight have ended.
 */
export const jobSchema = z.object({
  job_id: z.int().positive(),
  kind: z.enum(JOB_KINDS),
  trigger: z.enum(TRIGGERS),
  /** `failed`: it retries what was not collected, and only that is counted in its cells. */
  scope: z.enum(['all', 'failed']),
  status: z.enum(['queued', 'running', ...JOB_OUTCOMES]),
  cells: z.object({ done: z.int().nonnegative(), total: z.int().nonnegative() }),
  /** The cells that are done, by how they ended in this job. */
  coverage,
  resources: z.object({ found: z.int(), created: z.int(), updated: z.int(), removed: z.int() }),
  /** Calls made to the cloud by its scans, repeated ones included. */
  api_calls: z.int().nonnegative(),
  started_at: time,
  finished_at: time.nullable(),
  /** Why it ended before its time; safe to show. */
  error: z.string().nullable(),
});
export type JobWire = z.infer<typeof jobSchema>;

/** Calls of one operation that ended alike. `outcome` is `ok` or the cloud's own short code. */
const callsSchema = z.object({
  service: z.string(),
  operation: z.string(),
  outcome: z.string(),
  count: z.int().positive(),
});

/** `GET /{id}/jobs/{job_id}`. `calls` is kept for 90 days and empty after that; `api_calls` stays. */
export const jobDetailSchema = jobSchema.extend({ calls: z.array(callsSchema) });

/**
 * `GET /{id}/coverage`: one row per cell, in the order service, region, type. A cell that is planned and that no sync
 * has come to (the first is still at work, or was stopped) is `failed` with `NOT_SCANNED`. A region that an
 * organisation's policy denies as a whole is one row with `*` for service and type. The list of regions itself is the
 * row `account`, `global`, `regions`, whose count is that of the regions.
 */
export const coverageSchema = z.object({
  service: z.string(),
  /** A region, or the scope that stands in its place: `global`, a project, a subscription, a cluster. */
  region: z.string(),
  type: z.string(),
  /** How many cells the row stands for: more than 1 only for a denied region. */
  cells: z.int().positive(),
  outcome: cellOutcome,
  /** Resources that are known and current, also where the last sync did not get to see them. */
  count: z.int().nonnegative(),
  last_complete_at: time.nullable(),
  /** Milliseconds that its scan took when it last found something new; cells of one scan share it. */
  duration_ms: z.int().nonnegative().nullable(),
  /** A short word, the cloud's own where it is about an answer of the cloud. */
  error_code: z.string().nullable(),
  /** With `denied`: what is missing, in the cloud's notation (`ec2:DescribeVpcs`). */
  permission: z.string().nullable(),
  /** With `denied`: who refuses. Granting a permission does not lift an organisation's policy (`scp`). */
  denied_by: z.enum(DENIERS).nullable(),
  /** A sync is writing, or was stopped while it wrote: the listing is ahead of `count` until the next has been through. */
  torn: z.boolean(),
});

/**
 * One of `GET /{id}/changes`, newest first. The first complete collection of a cell is its baseline and makes none.
 * `at` is the start of the job that saw it.
 */
export const changeSchema = z.object({
  at: time,
  job_id: z.int().positive(),
  kind: z.enum(['created', 'changed', 'vanished']),
  type: z.string(),
  region: z.string(),
  /** Names the resource in `GET /{id}/resources/{key}`. */
  key: z.string(),
  external_id: z.string(),
  name: z.string(),
  /** Of `changed`: at most 20 fields, values cut at 256 characters; `from` or `to` is absent where the field was. */
  fields: z.array(fieldChange),
});

/** `GET /{id}/resources`. `key` is URL-safe; `last_seen_at` is the last complete collection of the resource's cell. */
export const inventoryResourceSchema = resourceSchema.omit({ created_at: true }).extend({
  key: z.string(),
  created_at: z.string().nullable(),
  first_seen_at: time,
  last_seen_at: time.nullable(),
  removed_at: time.nullable(),
});

/** `GET /{id}/resources/{key}`: also one that is gone, with its last three changes, newest first. */
export const resourceDetailSchema = inventoryResourceSchema.extend({
  changes: z.array(changeSchema.pick({ at: true, job_id: true, kind: true, fields: true })),
});

/** A day, UTC or as the cloud bills: `2024-01-15`. */
const day = z.string();
/** Exact, as the cloud says it: `12.0000000001`, `-0.5`; never rounded, never an exponent. */
const decimal = z.string();
const money = {
  /** ISO 4217; amounts of two are never added up. */
  currency: z.string(),
  /** Net of credits and refunds; negative where they are more. */
  amount: decimal,
  /** The part of it that credits and refunds are; `null` where the cloud does not tell them apart. */
  credits: decimal.nullable(),
  /** The cloud may still change it. */
  estimated: z.boolean(),
};

/**
 * `GET /{id}/costs`. Costs are read once a day, by jobs of their own, and each reading replaces the days that it reads.
 * A day within the source's `from` and `through` that has no row cost nothing; of any other nothing is known.
 */
export const costsSchema = z.object({
  source: z.object({
    /** `null`: this cloud bills nobody. */
    name: z.string().nullable(),
    /** Of the last reading, as a cell's; `not_enabled` also where it is not configured. `null`: not read yet. */
    outcome: z.enum(OUTCOMES).nullable(),
    /** A short word, the cloud's own where it is about an answer of the cloud. */
    error_code: z.string().nullable(),
    permission: z.string().nullable(),
    denied_by: z.enum(DENIERS).nullable(),
    /** Start of the last job that tried to read it, and of the last that read everything it was to. */
    last_read_at: time.nullable(),
    last_complete_at: time.nullable(),
    /** The first and the last day that are known. */
    from: day.nullable(),
    through: day.nullable(),
    /** What reading has taken in this month (UTC) of what it may, and what the cloud charges for: see the README. */
    spend: z.object({
      month: z.string(),
      calls: z.int().nonnegative(),
      bytes: z.number().nonnegative(),
      budget: z.object({ calls: z.int().nonnegative(), bytes: z.number().nonnegative() }),
    }),
  }),
  /** The days asked for, both included. */
  from: day,
  to: day,
  group_by: z.array(z.enum(COST_GROUPS)),
  /** Of all these days, on whatever page. */
  totals: z.array(z.object(money)),
  /** In the order day, service, region, currency; `service` and `region` are there where they were asked for. */
  costs: z.array(z.object({ date: day, service: z.string().optional(), region: z.string().optional(), ...money })),
});

/** Every error's body. */
export const errorSchema = z.object({ error: z.string(), code: z.string(), details: z.string().optional() });
export type ErrorWire = z.infer<typeof errorSchema>;

/** What a customer grants. `document` is in the cloud's own form: an IAM policy, a role. */
export const permissionsSchema = z.object({
  type: z.string(),
  permissions: z.array(z.string()),
  format: z.string(),
  document: z.unknown(),
  how_to: z.array(z.string()),
});
