import * as z from 'zod';

/** What a process of M5 is told first: the module with its handler, and what every request gives it. */
export const orderSchema = z.object({ module: z.string(), event: z.unknown() });

/** Then again and again: how many requests to make. */
export const batchSchema = z.object({ requests: z.int().positive() });

/** Its answer: CPU of each request in microseconds, and what the last one answered. */
export const resultSchema = z.object({
  cpu: z.array(z.number()),
  answer: z.object({ statusCode: z.number(), body: z.string() }),
});
export type BatchResult = z.infer<typeof resultSchema>;
