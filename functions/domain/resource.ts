import * as z from 'zod';

/** What an auditor asks. `unknown` where the call does not answer it: an absent field is never a `no`. */
export const answer = z.enum(['yes', 'no', 'unknown']);
export type Answer = z.infer<typeof answer>;

const configurationValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

/**
 * One resource as the inventory keeps it. `external_id` is the cloud's own (an ARN where there is one),
 * `region` its location or `global`, `status` one of `active`, `stopped`, `deleted` or the cloud's word in lower case,
 * `created_at` RFC 3339. `configuration` holds only fields that the type's mapping names.
 */
export const resourceSchema = z.strictObject({
  external_id: z.string().min(1),
  name: z.string(),
  type: z.string().regex(/^[a-z][a-z0-9_]*$/),
  region: z.string().min(1),
  status: z.string().min(1),
  tags: z.record(z.string(), z.string()),
  created_at: z.string().optional(),
  configuration: z.record(z.string(), configurationValue),
});
export type Resource = z.infer<typeof resourceSchema>;
export type Configuration = Resource['configuration'];

/** `yes` or `no` for a boolean the cloud did give, `unknown` for one it did not. */
export function known(value: boolean | undefined): Answer {
  if (value === undefined) return 'unknown';
  return value ? 'yes' : 'no';
}
