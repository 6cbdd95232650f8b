import * as z from 'zod';

const bucket = z.strictObject({ burst: z.number().positive(), perSecond: z.number().positive() });

/** `operation` is a kind as `PLURAL[.GROUP]`, or `version`, `selfsubjectreviews`, `kube-system`, `discovery`. */
const where = { service: z.string().optional(), region: z.string().optional(), operation: z.string().optional() };

/** What can be turned, at the start and while the sample cluster runs. Each list is replaced as a whole. */
export const knobsSchema = z.strictObject({
  /** How many times as large the inventory is. */
  size: z.number().positive(),
  /** Milliseconds before every answer. */
  latencyMs: z.number().nonnegative(),
  /** Token buckets of a caller: none (Kubernetes documents none), or these by service. */
  buckets: z.union([z.enum(['none', 'documented']), z.record(z.string(), bucket)]),
  /** Throttles a share of the calls, or the first so many. */
  throttle: z.array(z.strictObject({ ...where, rate: z.number().optional(), first: z.number().optional() })),
  /** Refuses for want of a rule in the ClusterRole; after so many pages where told. */
  deny: z.array(z.strictObject({ ...where, afterPage: z.number().optional() })),
  /** Does not know its own credentials any more. */
  unauthorized: z.boolean(),
  /** Answers 503. */
  down: z.array(z.strictObject(where)),
  /** Takes the call and never answers. */
  hang: z.array(z.strictObject(where)),
  /** Gives the same continue token for ever. */
  loopToken: z.array(z.strictObject(where)),
  /** Answers 410 to a continue token, so many times. */
  expire: z.array(z.strictObject({ ...where, first: z.number() })),
  /** Does not serve that kind, as an older server. */
  absent: z.array(z.strictObject(where)),
  /** Answers a page of HTML. */
  broken: z.array(z.strictObject(where)),
  /** Takes the object with that place in its list out of the inventory. */
  drop: z.array(z.strictObject({ type: z.string(), region: z.string().optional(), index: z.number() })),
  /** Adds so many objects. */
  add: z.array(z.strictObject({ type: z.string(), region: z.string().optional(), count: z.number() })),
  /**
   * Changes one attribute that the inventory shows, of the object with that place in its list, of the first so many, of
   * a share picked by the seed, or of all; another `turn` gives another value.
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
});
export type Knobs = z.infer<typeof knobsSchema>;

export const defaultKnobs: Knobs = {
  size: 1,
  latencyMs: 0,
  buckets: 'none',
  throttle: [],
  deny: [],
  unauthorized: false,
  down: [],
  hang: [],
  loopToken: [],
  expire: [],
  absent: [],
  broken: [],
  drop: [],
  add: [],
  change: [],
};

export interface Place {
  readonly service: 'kubernetes';
  readonly region: 'cluster';
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
