import * as z from 'zod';

const bucket = z.strictObject({ burst: z.number().positive(), perSecond: z.number().positive() });

/** `region` is the subscription, or the tenant. */
const where = { service: z.string().optional(), region: z.string().optional(), operation: z.string().optional() };

/** What can be turned, at the start and while the sample cloud runs. Each list is replaced as a whole. */
export const knobsSchema = z.strictObject({
  /** How many times as large the inventory is. */
  size: z.number().positive(),
  /** Milliseconds before every answer. */
  latencyMs: z.number().nonnegative(),
  /** How often a principal may call: as often as it likes, as Azure documents, or so many by service. */
  buckets: z.union([z.enum(['none', 'documented']), z.record(z.string(), bucket)]),
  /** The roles that every principal has at its subscription. */
  roles: z.array(z.strictObject({ actions: z.array(z.string()), notActions: z.array(z.string()) })),
  /** Throttles a share of the calls, or the first so many. */
  throttle: z.array(z.strictObject({ ...where, rate: z.number().optional(), first: z.number().optional() })),
  /** Refuses for want of permission, after so many pages where told; a type is left out of what is shown. */
  deny: z.array(z.strictObject({ ...where, type: z.string().optional(), afterPage: z.number().optional() })),
  /** Answers 503. */
  down: z.array(z.strictObject(where)),
  /** Takes the call and never answers. */
  hang: z.array(z.strictObject(where)),
  /** Gives the same next token for ever. */
  loopToken: z.array(z.strictObject(where)),
  /** Does not know its own tokens any more, the first so many times. */
  expireToken: z.array(z.strictObject({ ...where, first: z.number() })),
  /** Answers a page of HTML. */
  broken: z.array(z.strictObject(where)),
  /** Says that rows are missing, and gives no token. */
  truncate: z.boolean(),
  /** `nextLink` leads to this host. */
  linkHost: z.string().optional(),
  /** Rows of a page of costs. */
  costPage: z.int().positive(),
  /** Costs that come late: added to what a day shows. */
  late: z.array(z.strictObject({ day: z.string(), service: z.string(), region: z.string(), amount: z.string() })),
  /** Takes the resource with that place in the list of its type, by id, out of the inventory. */
  drop: z.array(z.strictObject({ type: z.string(), index: z.number() })),
  /** Adds so many resources of a type. */
  add: z.array(z.strictObject({ type: z.string(), count: z.number() })),
  /**
   * Changes one attribute that the inventory shows, of the resource with that place in its list, of the first so many,
   * of a share picked by the seed, or of all; another `turn` gives another value.
   */
  change: z.array(
    z.strictObject({
      type: z.string().optional(),
      index: z.number().optional(),
      count: z.number().optional(),
      share: z.number().min(0).max(1).optional(),
      turn: z.int().positive().optional(),
    }),
  ),
});
export type Knobs = z.infer<typeof knobsSchema>;

export const defaultKnobs: Knobs = {
  size: 1,
  latencyMs: 0,
  buckets: 'none',
  roles: [{ actions: ['*/read'], notActions: [] }],
  throttle: [],
  deny: [],
  down: [],
  hang: [],
  loopToken: [],
  expireToken: [],
  broken: [],
  truncate: false,
  linkHost: undefined,
  costPage: 1000,
  late: [],
  drop: [],
  add: [],
  change: [],
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
