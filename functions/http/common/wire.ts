import * as z from 'zod';
import { isDay } from '../../domain/days.ts';
import { COST_GROUPS } from '../../domain/list-costs.ts';
import { CELL_OUTCOMES } from './answers.ts';

/** What paths, queries and bodies may hold. Strict: what is not known is refused. */
const positiveId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number)
  .refine(Number.isSafeInteger, 'must be an id');

/** `GET /{id}` and all below it. */
export const providerPath = z.object({ id: positiveId });
/** A cloud, as in `POST /{type}/connect`. */
export const cloudPath = z.object({ type: z.string().regex(/^[a-z]{1,32}$/) });
export const jobPath = z.object({ id: positiveId, job_id: positiveId });
/** Shorter than what the table would refuse as a key. */
export const resourcePath = z.object({ id: positiveId, key: z.string().min(1).max(300) });

const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/)
  .transform(Number)
  .refine((n) => n <= 100, 'must be 1 to 100');
const cursor = z.string().min(1).max(2048);
/** Of lists that are always paged. */
const paged = { limit: limit.default(50), cursor: cursor.optional() };
const word = z.string().min(1).max(100);

export const includeQuery = z.strictObject({ include: z.literal('disconnected').optional() });
export const providersQuery = includeQuery.extend({ limit: limit.optional(), cursor: cursor.optional() });
export const resourcesQuery = z.strictObject({
  type: word.optional(),
  region: word.optional(),
  status: word.optional(),
  external_id: z.string().min(1).max(2048).optional(),
  ...paged,
});
export const coverageQuery = z.strictObject({
  type: word.optional(),
  region: word.optional(),
  outcome: z.enum(CELL_OUTCOMES).optional(),
  ...paged,
});
export const jobsQuery = z.strictObject(paged);
export const changesQuery = z.strictObject({
  /** RFC 3339 with any offset; changes of jobs that started then or later. */
  since: z.iso
    .datetime({ offset: true })
    .transform((time) => Date.parse(time))
    .refine(Number.isFinite, 'must be a time of RFC 3339')
    .optional(),
  type: word.optional(),
  ...paged,
});
const day = z.string().refine(isDay, 'must be a day: YYYY-MM-DD');
const groups: ReadonlySet<string> = new Set(COST_GROUPS);
export const costsQuery = z.strictObject({
  /** First and last day, both included. */
  from: day.optional(),
  to: day.optional(),
  /** `service`, `region`, or both with a comma; absent: one row a day and currency. */
  group_by: z
    .string()
    .refine((text) => text.split(',').every((word) => groups.has(word)), 'must be service, region or service,region')
    .refine((text) => new Set(text.split(',')).size === text.split(',').length, 'must name each once')
    .transform((text) => COST_GROUPS.filter((group) => text.split(',').includes(group)))
    .default([]),
  ...paged,
});
export const nothing = z.strictObject({});
export const syncBody = z.strictObject({ scope: z.literal('failed').optional() });

const CONTROL_OR_DIRECTION = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A provider's label: 1 to 255 characters, not blank, no control or direction-changing characters. */
export const nameSchema = z
  .string()
  .max(255)
  .refine((name) => name.trim().length > 0, 'must not be blank')
  .refine((name) => !CONTROL_OR_DIRECTION.test(name), 'must not hold control or direction-changing characters')
  .refine((name) => name.isWellFormed(), 'must be well-formed Unicode');
