import * as z from 'zod';

const where = { service: z.string().optional(), region: z.string().optional(), operation: z.string().optional() };

/** What can be turned, at the start and while the sample cloud runs. Each list is replaced as a whole. */
export const knobsSchema = z.strictObject({
  /** How many times as large the inventory is. */
  size: z.number().positive(),
  /** Milliseconds before every answer. */
  latencyMs: z.number().nonnegative(),
  /** Throttles a share of the calls, or the first so many. */
  throttle: z.array(z.strictObject({ ...where, rate: z.number().optional(), first: z.number().optional() })),
  /** Refuses for want of permission; after so many pages where told. */
  deny: z.array(
    z.strictObject({ ...where, afterPage: z.number().optional(), by: z.enum(['identity', 'scp']).optional() }),
  ),
  /** Answers 503. */
  down: z.array(z.strictObject(where)),
  /** Takes the call and never answers. */
  hang: z.array(z.strictObject(where)),
  /** Gives the same next token for ever. */
  loopToken: z.array(z.strictObject(where)),
  /** Answers as a service that is not offered there. */
  unsupported: z.array(z.strictObject(where)),
  /** Takes the resource with that place in the list out of the inventory. */
  drop: z.array(z.strictObject({ type: z.string(), region: z.string(), index: z.number() })),
  /** Adds so many resources. */
  add: z.array(z.strictObject({ type: z.string(), region: z.string(), count: z.number() })),
});
export type Knobs = z.infer<typeof knobsSchema>;

export const defaultKnobs: Knobs = {
  size: 1,
  latencyMs: 0,
  throttle: [],
  deny: [],
  down: [],
  hang: [],
  loopToken: [],
  unsupported: [],
  drop: [],
  add: [],
};

export interface Place {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
}
interface Where {
  readonly service?: string | undefined;
  readonly region?: string | undefined;
  readonly operation?: string | undefined;
}

/** Whether a knob is about a call: what it does not name it does not narrow. */
export const isAt = (knob: Where, at: Place): boolean =>
  (knob.service ?? at.service) === at.service &&
  (knob.region ?? at.region) === at.region &&
  (knob.operation ?? at.operation) === at.operation;
