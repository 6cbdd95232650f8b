import * as z from 'zod';

/** A token bucket: so many calls at once, and so many a second after that. */
const bucket = z.strictObject({ burst: z.number().positive(), perSecond: z.number().positive() });

const where = { service: z.string().optional(), operation: z.string().optional() };

/** A row that the billing export gets late: usage of a day that was read before. */
const lateRow = z.strictObject({
  /** Pacific day of the usage. */
  day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  service: z.string(),
  region: z.string().nullable(),
  currency: z.string(),
  cost: z.number(),
  credits: z.array(z.number()).default([]),
});

/** What can be turned, at the start and while the sample cloud runs. Each list is replaced as a whole. */
export const knobsSchema = z.strictObject({
  /** How many times as large the inventory is. */
  size: z.number().positive(),
  /** Milliseconds before every answer. */
  latencyMs: z.number().nonnegative(),
  /** Token buckets of every (project, service): none, those that Google documents, or these by service. */
  buckets: z.union([z.enum(['none', 'documented']), z.record(z.string(), bucket)]),
  /** Throttles a share of the calls, or the first so many. */
  throttle: z.array(z.strictObject({ ...where, rate: z.number().optional(), first: z.number().optional() })),
  /** Refuses for want of permission, or by a policy of the organisation; after so many pages where told. */
  deny: z.array(
    z.strictObject({ ...where, afterPage: z.number().optional(), by: z.enum(['identity', 'scp']).optional() }),
  ),
  /** Answers 503. */
  down: z.array(z.strictObject(where)),
  /** Takes the call and never answers. */
  hang: z.array(z.strictObject(where)),
  /** Gives the same next page token for ever. */
  loopToken: z.array(z.strictObject(where)),
  /** Refuses every page token as one of a snapshot that is gone. */
  expireToken: z.array(z.strictObject(where)),
  /** APIs that are switched off in the project, such as `cloudasset`. */
  disabledServices: z.array(z.string()),
  /** Addresses of service accounts that are disabled. */
  disabledAccounts: z.array(z.string()),
  /** Takes the resource with that place in the list out of the inventory. */
  drop: z.array(z.strictObject({ type: z.string(), index: z.number() })),
  /** Adds so many resources. */
  add: z.array(z.strictObject({ type: z.string(), count: z.number() })),
  /** Changes one attribute that the inventory shows, of one, the first so many, a share, or all; as the sample AWS does. */
  change: z.array(
    z.strictObject({
      type: z.string().optional(),
      index: z.number().optional(),
      count: z.number().optional(),
      share: z.number().min(0).max(1).optional(),
      turn: z.int().positive().optional(),
    }),
  ),
  /** Zones that GKE's list says it could not ask. */
  missingZones: z.array(z.string()),
  /** The billing export: whether its data set and its table are there, and what it got late. */
  billing: z.strictObject({
    dataset: z.boolean(),
    table: z.boolean(),
    late: z.array(lateRow),
    /** How often a query's result is asked for in vain. */
    waits: z.int().nonnegative(),
    /** The most rows of one page of a result, whatever is asked for. */
    pageRows: z.int().positive(),
  }),
});
export type Knobs = z.infer<typeof knobsSchema>;

export const defaultKnobs: Knobs = {
  size: 1,
  latencyMs: 0,
  buckets: 'none',
  throttle: [],
  deny: [],
  down: [],
  hang: [],
  loopToken: [],
  expireToken: [],
  disabledServices: [],
  disabledAccounts: [],
  drop: [],
  add: [],
  change: [],
  missingZones: [],
  billing: { dataset: true, table: true, late: [], waits: 0, pageRows: 100_000 },
};

export interface Place {
  readonly service: string;
  readonly operation: string;
}
interface Where {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
}

/** Whether a knob is about a call: what it does not name it does not narrow. */
export const isAt = (knob: Where, at: Place): boolean =>
  (knob.service ?? at.service) === at.service && (knob.operation ?? at.operation) === at.operation;
