import * as z from 'zod';

/** What the thread of the plain pool is started with. */
export const poolOrder = z.object({
  url: z.string(),
  regions: z.array(z.string()),
  account: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
});

/** What it answers to each message: one whole reading. */
export const poolAnswer = z.object({ milliseconds: z.number(), resources: z.number() });
export type PoolAnswer = z.infer<typeof poolAnswer>;
