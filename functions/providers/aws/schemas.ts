import * as z from 'zod';

/** Tags as most of AWS lists them. */
export const tags = z.array(z.object({ Key: z.string().optional(), Value: z.string().optional() })).optional();
