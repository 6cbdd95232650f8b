import type { Resource } from './resource.ts';

/** How a scan of one type can end. Only `collected` says what exists; nothing else may declare a resource gone. */
export const OUTCOMES = ['collected', 'denied', 'not_enabled', 'throttled', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const FAILED_OUTCOMES = ['denied', 'not_enabled', 'throttled', 'failed'] as const satisfies readonly Outcome[];
export type FailedOutcome = (typeof FAILED_OUTCOMES)[number];

/** Who refused a call, as far as the cloud says: granting a permission does not lift an organisation's policy. */
export const DENIERS = ['identity', 'scp', 'boundary', 'resource', 'session', 'unknown'] as const;
export type DeniedBy = (typeof DENIERS)[number];

/** Why a call to a cloud did not answer. `code` is safe to show: a short word, never the cloud's free text. */
export interface Failure {
  readonly outcome: FailedOutcome;
  readonly code: string;
  /** The permission that is missing, in the cloud's own notation (`ec2:DescribeVpcs`); only with `denied`. */
  readonly permission?: string | undefined;
  readonly deniedBy?: DeniedBy | undefined;
  /** The cloud does not accept the credentials themselves (any more): an alarm, for every scan will say so. */
  readonly credentialsRejected?: boolean | undefined;
  /** True when the same call may succeed later (throttled, cloud down): the task is sent again with a delay. */
  readonly retryable: boolean;
  /** The token of the page is not good any more, and with it the list: the scan begins anew, a few times at most. */
  readonly restart?: boolean | undefined;
}

/** What is known of a collector without loading a cloud's SDK: what plans, permissions and the ledger are made of. */
export interface CollectorFacts {
  /** Snake case and stable: it is part of the scan row's key. Usually the type's name. */
  readonly name: string;
  /** The cloud's service: scans of one (service, scope) travel in one task, so that its rate limit has one owner. */
  readonly service: string;
  /** The kind of scope it is run in once each: for AWS `region` or `global`. */
  readonly scope: string;
  /** The resource types it answers. A type absent from a complete scan has count 0. */
  readonly types: readonly string[];
  /** It may answer other types as well, which nobody can name before: each becomes a cell when it is first met. */
  readonly open?: boolean;
  /** What the customer must grant, in the cloud's notation, in the order the calls are made. */
  readonly permissions: readonly string[];
}

/**
 * Types that a scan cannot answer though its calls succeed, and why: a bulk source that leaves out what it may not show,
 * or a fallback that knows a part. Their cells are not collected and what they held stays, however complete the scan.
 */
export interface Unanswered {
  readonly types: Readonly<Record<string, Failure>>;
  /** Every type that is neither named there nor among these; absent: there are none. */
  readonly others?: { readonly answered: readonly string[]; readonly failure: Failure } | undefined;
}

/** One page of a scan: what it held, and the token of the next one (absent on the last). */
export interface ResourcePage {
  readonly resources: readonly Resource[];
  /** Describes per item that are still to be made; the engine runs them in lanes next to other calls. */
  readonly details: readonly (() => Promise<readonly Resource[]>)[];
  readonly next: string | undefined;
  /** Said by a page, it holds for the scan from there on, over what an earlier page said. Absent: nothing new. */
  readonly unanswered?: Unanswered | undefined;
}

/** A collector, ready to be called for one scope. Errors are the SDK's own; `CloudSession.classify` reads them. */
export interface Collector extends CollectorFacts {
  /** One call. The token comes from the page before, also when another process read that one. */
  page(token: string | undefined): Promise<ResourcePage>;
}

/** A rate limit as a cloud documents it: so many at once, and so many a second after that. */
export interface Quota {
  readonly burst: number;
  readonly perSecond: number;
}

/** A connected cloud account during one invocation, credentials inside. */
export interface CloudSession {
  /** The collector of that name bound to that scope; throws for a name that is not registered. */
  collector(name: string, scope: string): Promise<Collector>;
  /** What an error thrown by that collector's calls means. */
  classify(error: unknown, collector: CollectorFacts): Failure;
  /** What the cloud documents for that service in one scope; undefined where it documents nothing. */
  quota(service: string): Quota | undefined;
  /** Calls that it can be asked at a time; absent: as many as we have lanes. */
  readonly atATime?: number | undefined;
}

/** The scopes a provider's scans run in, and what could not be asked. */
export interface Scopes {
  /** By kind of scope: `{ global: ['global'], region: ['eu-west-1', …] }`. */
  readonly byKind: Readonly<Record<string, readonly string[]>>;
  /** The cloud was not asked, since its accounts always have these: the ledger then has no row about them. */
  readonly fixed?: boolean;
  /** The scope that most of the account is expected in. */
  readonly primary?: string | undefined;
  /** Set when the cloud refused the list and a default was taken; it becomes a row of the ledger. */
  readonly failure?: Failure | undefined;
  /** The calls that asking took: `<service> <operation> <outcome>`, as a job's ledger of calls has them. */
  readonly calls?: Readonly<Record<string, number>>;
}
