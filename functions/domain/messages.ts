import * as z from 'zod';

/** Messages hold ids only: never a credential, a name or a resource. */
const about = {
  v: z.literal(1),
  /** From `hashTenant`. */
  tenant: z.string().regex(/^[a-z2-7]{32}$/),
  provider: z.int().positive(),
  kind: z.enum(['inventory', 'costs']),
  job: z.int().positive(),
};

/** Asks for a job to be planned; sent again as often as somebody thinks it may have stalled. */
export const syncRequestSchema = z.strictObject(about);
export type SyncRequest = z.infer<typeof syncRequestSchema>;

/** Asks for the scans of one task to be worked off. `generation` and `step` name the link of its chain. */
export const taskMessageSchema = z.strictObject({
  ...about,
  cloud: z.string().min(1),
  task: z.int().positive(),
  generation: z.int().nonnegative(),
  step: z.int().nonnegative(),
});
export type TaskMessage = z.infer<typeof taskMessageSchema>;
export type JobKind = SyncRequest['kind'];
