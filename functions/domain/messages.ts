import * as z from 'zod';
import { DENIERS, FAILED_OUTCOMES } from './cloud.ts';

/** The most that SQS takes in one message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const LARGEST_MESSAGE_BYTES = 1_048_576;

/** A sorted run of fingerprints in the table, and how many it holds. */
export const runSchema = z.strictObject({ run: z.string(), parts: z.int().positive(), entries: z.int().positive() });
export type Run = z.infer<typeof runSchema>;

/** What a job is about: each kind has its own active job, fence, due time and quiet time. */
export const JOB_KINDS = ['inventory', 'costs'] as const;

/** Messages hold ids and page tokens only: never a credential, a name or a resource. */
const about = {
  v: z.literal(1),
  /** From `hashTenant`. */
  tenant: z.string().regex(/^[a-z2-7]{32}$/),
  provider: z.int().positive(),
  kind: z.enum(JOB_KINDS),
  job: z.int().positive(),
};

/** Asks for a job to be planned; sent again as often as somebody thinks it may have stalled. */
export const syncRequestSchema = z.strictObject(about);
export type SyncRequest = z.infer<typeof syncRequestSchema>;

const failureSchema = z.strictObject({
  outcome: z.enum(FAILED_OUTCOMES),
  code: z.string(),
  permission: z.string().optional(),
  deniedBy: z.enum(DENIERS).optional(),
  credentialsRejected: z.boolean().optional(),
  retryable: z.boolean(),
  restart: z.boolean().optional(),
});
const unansweredSchema = z.strictObject({
  types: z.record(z.string(), failureSchema),
  others: z.strictObject({ answered: z.array(z.string()).readonly(), failure: failureSchema }).optional(),
});

/** Where a scan stands that a later link goes on with: everything that the reading of its pages has come to. */
export const readingSchema = z.strictObject({
  /** Its place in the task's scans. */
  scan: z.int().nonnegative(),
  /** Token of the next page. */
  token: z.string().optional(),
  /** Every page was read; what is left is to write. */
  complete: z.boolean(),
  /** Of the scan row, as this scan's own writes left it. */
  version: z.int().nonnegative(),
  /** The stamp of the mark that this scan has put on its row. */
  mark: z.string().optional(),
  /** Nothing at all was stored for the scan when it began: its rows need not be read before they are written. */
  blank: z.boolean(),
  /** Rows may have been written that the stored fingerprints do not know: compare with the rows. */
  careful: z.boolean(),
  digest: z.string(),
  counts: z.record(z.string(), z.int().nonnegative()),
  /** What the scan cannot answer, as its pages have said so far. */
  unanswered: unansweredSchema.optional(),
  written: z.strictObject({ created: z.int(), updated: z.int(), removed: z.int() }),
  /** Runs of fingerprints: those that stood before, and those that this scan has written so far. */
  known: z.array(runSchema),
  fresh: z.array(runSchema),
  /** One bit for each known fingerprint, in base64: whether it was met. */
  seen: z.string(),
  /** Packs of changes written so far, by their key's beginning. */
  packs: z.record(z.string(), z.int().nonnegative()),
  ms: z.int().nonnegative(),
});
export type Reading = z.infer<typeof readingSchema>;

/** Asks for the scans of one task to be worked off. `generation` and `step` name the link of its chain. */
export const taskMessageSchema = z.strictObject({
  ...about,
  cloud: z.string().min(1),
  task: z.int().positive(),
  generation: z.int().nonnegative(),
  step: z.int().nonnegative(),
  /** The attempt that sent this link: a later one than the next means that somebody has begun it before. */
  after: z.int().nonnegative().default(0),
  /** How often the task was sent on for a fault rather than for want of time. */
  retries: z.int().nonnegative().default(0),
  readings: z.array(readingSchema).default([]),
  /**
   * Of a costs job's later links: the days that are still to be read, and how many of them at a time; with a token, a
   * reading that was begun and has given no row yet is gone on with.
   */
  days: z
    .strictObject({ from: z.string(), to: z.string(), atATime: z.int().positive(), token: z.string().optional() })
    .optional(),
});
export type TaskMessage = z.infer<typeof taskMessageSchema>;
export type JobKind = SyncRequest['kind'];
