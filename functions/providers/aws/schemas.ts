import * as z from 'zod';

/** Tags as most of AWS lists them. */
export const tags = z.array(z.object({ Key: z.string().optional(), Value: z.string().optional() })).optional();

/** Text that is JSON of that schema; other text does not fit. */
export const jsonText = <T>(schema: z.ZodType<T>) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'Not JSON.' });
        return z.NEVER;
      }
    })
    .pipe(schema);
