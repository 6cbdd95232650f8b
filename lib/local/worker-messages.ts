import * as z from 'zod';

/** What a worker is started with. */
export const startSchema = z.object({ entry: z.string(), handler: z.string() });

/** One event for a worker. */
export const invokeSchema = z.object({
  /** The event as JSON: that is how Lambda carries it, so nothing but JSON can come through. */
  event: z.string(),
  requestId: z.string(),
  /** When the function's time is up, milliseconds since 1970. */
  deadline: z.number(),
  /** The context's fields that do not change within a worker. */
  context: z.record(z.string(), z.unknown()),
});
export type Invoke = z.infer<typeof invokeSchema>;

const errorSchema = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});
/** An error in the form in which Lambda hands it to the caller. */
export type FunctionError = z.infer<typeof errorSchema>;

/** What a worker says: loaded (or that it could not), done (the answer as JSON), or failed. */
export const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded'), failed: z.boolean() }),
  z.object({ kind: z.literal('done'), payload: z.string() }),
  z.object({ kind: z.literal('failed'), error: errorSchema }),
]);
export type Reply = z.infer<typeof replySchema>;

/** An exception as Lambda reports it. */
export function functionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}
