import type { SampleAccount } from '../accounts.ts';
import type { Kind } from '../inventory/kind.ts';
import type { Listing } from '../inventory/listing.ts';
import type { Knobs } from '../knobs.ts';
import type { Output, Protocol } from '../protocols.ts';

/** A request as an operation sees it: already signed, admitted and routed. */
export interface Call {
  readonly account: SampleAccount;
  readonly region: string;
  /** A parameter of the form, the query, the path or the JSON body. */
  param(name: string): string | undefined;
  /** The same where it is a list; empty where it was not sent. `A.b` is the member `b` of a structure. */
  list(name: string): readonly string[];
  /** The body as it was sent, for what a list of parameters cannot say; absent: there is none. */
  readonly body?: Uint8Array | undefined;
  /** As they stand. */
  readonly knobs?: Knobs | undefined;
  /** The regions that the account has enabled. */
  readonly regions: readonly string[];
  /** What the region, or another one, holds of a kind; made as it is looked at. */
  items<T>(kind: Kind<T>, region?: string): Listing<T>;
  /** One page by a size and a token that were sent; limits as the service has them. */
  page<T>(items: Pageable<T>, limits: PageLimits): { items: T[]; next: string | undefined };
}

/** A list that pages are cut from. */
export interface Pageable<T> {
  readonly length: number;
  slice(from: number, to: number): T[];
}

export interface PageLimits {
  readonly size: string | undefined;
  readonly token: string | undefined;
  readonly least: number;
  readonly most: number;
  /** Without a size. */
  readonly otherwise: number;
  /** The service's codes for a size and for a token that it does not take; `InvalidParameterValue` where not told. */
  readonly codes?: { readonly size: string; readonly token: string };
}

/** The request is refused for what it says; `code` is the service's own. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** One operation of a service. */
export interface Operation {
  readonly name: string;
  /** REST protocols: method and path, by which it is called; the path's `{names}` are parameters. */
  readonly rest?: { readonly method: string; readonly path: string };
  /** The action in a policy, where it is not `service:name`. */
  readonly permission?: string;
  run(call: Call): Output;
}

/** A service of the sample cloud. */
export interface Service {
  /** As in a signature's scope. */
  readonly name: string;
  readonly protocol: Protocol;
  /** Others that it speaks as well, where its clients choose. */
  readonly also?: readonly Protocol[];
  /** The API's version as requests name it, where several services sign with one name. */
  readonly version?: string;
  readonly namespace: string;
  /** Called in us-east-1 whatever the region. */
  readonly global: boolean;
  readonly throttle: { readonly status: number; readonly code: string };
  readonly denied: { readonly status: number; readonly code: string };
  readonly unknownKey: { readonly status: number; readonly code: string };
  readonly wrongSignature: { readonly status: number; readonly code: string };
  /** A JSON service that once spoke query: the codes it had then, which a header still carries. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  readonly operations: readonly Operation[];
}
