import * as z from 'zod';
import { DENIERS } from '../../domain/cloud.ts';

/** A fallback list that was refused, for its type: short, since it travels in messages. */
const refusedSchema = z.strictObject({
  outcome: z.enum(['denied', 'not_enabled', 'failed']),
  code: z.string(),
  permission: z.string().optional(),
  deniedBy: z.enum(DENIERS).optional(),
});
export type Refused = z.infer<typeof refusedSchema>;

/** Where a scan stands: in the inventory's pages, or in one of the lists that stand in for it. */
const placeSchema = z.discriminatedUnion('at', [
  z.strictObject({ at: z.literal('assets'), page: z.string().optional() }),
  z.strictObject({
    at: z.enum(['compute', 'storage', 'bigquery', 'container']),
    page: z.string().optional(),
    /** Google's word for why the inventory cannot be asked. */
    why: z.string(),
    /** What the lists before it were refused for, by type: each page says all of it. */
    refused: z.record(z.string(), refusedSchema).optional(),
  }),
]);
export type Place = z.infer<typeof placeSchema>;
export type FallbackPlace = Exclude<Place, { at: 'assets' }>;

export const writePlace = (place: Place): string => JSON.stringify(place);

/** @throws for what `writePlace` did not write. */
export const readPlace = (token: string): Place => placeSchema.parse(JSON.parse(token));
