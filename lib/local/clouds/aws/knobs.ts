import * as z from 'zod';
import { ENABLED_REGIONS } from './accounts.ts';

/** A token bucket as AWS describes them: so many calls at once, and so many a second after that. */
const bucket = z.strictObject({ burst: z.number().positive(), perSecond: z.number().positive() });

const where = { service: z.string().optional(), region: z.string().optional(), operation: z.string().optional() };

/** What can be turned, at the start and while the sample cloud runs. Each list is replaced as a whole. */
export const knobsSchema = z.strictObject({
  /** How many times as large the inventory is. */
  size: z.number().positive(),
  /** Milliseconds before every answer. */
  latencyMs: z.number().nonnegative(),
  /** The regions that the account has enabled. */
  regions: z.array(z.string()).min(1),
  /** Token buckets of every (account, service, region): none, those that AWS documents, or these by service. */
  buckets: z.union([z.enum(['none', 'documented']), z.record(z.string(), bucket)]),
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
  /**
   * Changes one attribute that the inventory shows, of the resource with that place in its list, of the first so many,
   * of a share picked by the seed, or of all; another `turn` gives another value.
   */
  change: z.array(
    z.strictObject({
      type: z.string().optional(),
      region: z.string().optional(),
      index: z.number().optional(),
      count: z.number().optional(),
      share: z.number().min(0).max(1).optional(),
      turn: z.int().positive().optional(),
    }),
  ),
  /** Cost Explorer. */
  costs: z.strictObject({
    /** Whether the account ever opened it, and whether its data is there yet. */
    enabled: z.boolean(),
    available: z.boolean(),
    /** Groups on a page. */
    pageGroups: z.int().positive(),
    /** Late data: a day so long ago costs so many times as much as was said before. */
    restate: z.array(z.strictObject({ daysAgo: z.int().nonnegative(), factor: z.number().nonnegative() })),
  }),
});
export type Knobs = z.infer<typeof knobsSchema>;

export const defaultKnobs: Knobs = {
  size: 1,
  latencyMs: 0,
  regions: [...ENABLED_REGIONS],
  buckets: 'none',
  throttle: [],
  deny: [],
  down: [],
  hang: [],
  loopToken: [],
  unsupported: [],
  drop: [],
  add: [],
  change: [],
  costs: { enabled: true, available: true, pageGroups: 500, restate: [] },
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
