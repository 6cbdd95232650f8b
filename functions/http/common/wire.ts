import * as z from 'zod';
import { resourceSchema } from '../../domain/resource.ts';

/** RFC 3339 in UTC, whole seconds: `2024-01-15T10:00:00Z`. */
const time = z.string();

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
  disconnected_at: time.optional(),
});
export type ProviderWire = z.infer<typeof providerSchema>;

export const syncStartedSchema = z.object({ job_id: z.int().positive(), status: z.literal('running') });

/** `GET /{id}/jobs/{job_id}`. Cells are (type, region) pairs; resources count what this job wrote. */
export const jobSchema = z.object({
  job_id: z.int().positive(),
  kind: z.enum(['inventory', 'costs']),
  trigger: z.enum(['connect', 'manual', 'schedule']),
  status: z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']),
  cells: z.object({ done: z.int(), total: z.int() }),
  resources: z.object({ found: z.int(), created: z.int(), updated: z.int(), removed: z.int() }),
  api_calls: z.int(),
  started_at: time,
  finished_at: time.nullable(),
  error: z.string().nullable(),
});

/** `GET /{id}/resources`. `key` is URL-safe; `last_seen_at` is the last complete collection of the resource's cell. */
export const inventoryResourceSchema = resourceSchema.omit({ created_at: true }).extend({
  key: z.string(),
  created_at: z.string().nullable(),
  first_seen_at: time,
  last_seen_at: time.nullable(),
  removed_at: time.nullable(),
});

/** Every error's body. */
export const errorSchema = z.object({ error: z.string(), code: z.string(), details: z.string().optional() });
export type ErrorWire = z.infer<typeof errorSchema>;

const CONTROL_OR_DIRECTION = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A provider's label: 1 to 255 characters, not blank, no control or direction-changing characters. */
export const nameSchema = z
  .string()
  .max(255)
  .refine((name) => name.trim().length > 0, 'must not be blank')
  .refine((name) => !CONTROL_OR_DIRECTION.test(name), 'must not hold control or direction-changing characters')
  .refine((name) => name.isWellFormed(), 'must be well-formed Unicode');

const positiveId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number)
  .refine(Number.isSafeInteger, 'must be an id');

export const providerPath = z.object({ id: positiveId });
export const jobPath = z.object({ id: positiveId, job_id: positiveId });

const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/)
  .transform(Number)
  .refine((n) => n <= 100, 'must be 1 to 100');
const cursor = z.string().min(1).max(2048);

export const includeQuery = z.strictObject({ include: z.literal('disconnected').optional() });
export const providersQuery = includeQuery.extend({ limit: limit.optional(), cursor: cursor.optional() });
export const resourcesQuery = z.strictObject({
  type: z.string().min(1).max(100).optional(),
  region: z.string().min(1).max(100).optional(),
  status: z.string().min(1).max(100).optional(),
  external_id: z.string().min(1).max(2048).optional(),
  limit: limit.default(50),
  cursor: cursor.optional(),
});
export const nothing = z.strictObject({});
export const syncBody = z.strictObject({ scope: z.literal('failed').optional() });
