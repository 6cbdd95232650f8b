import type { SampleAccount } from '../accounts.ts';
import type { Kind } from '../inventory/kind.ts';
import type { Listing } from '../inventory/listing.ts';
import type { Output, Protocol } from '../protocols.ts';

/** A request as an operation sees it: already signed, admitted and routed. */
export interface Call {
  readonly account: SampleAccount;
  readonly region: string;
  /** A parameter of the form, the query or the JSON body. */
  param(name: string): string | undefined;
  /** The regions that the account has enabled. */
  readonly regions: readonly string[];
  /** What the region holds of a kind; made as it is looked at. */
  items<T>(kind: Kind<T>): Listing<T>;
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
  /** REST protocols: method and path, by which it is called. */
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
  readonly namespace: string;
  /** Called in us-east-1 whatever the region. */
  readonly global: boolean;
  readonly throttle: { readonly status: number; readonly code: string };
  readonly denied: { readonly status: number; readonly code: string };
  readonly unknownKey: { readonly status: number; readonly code: string };
  readonly wrongSignature: { readonly status: number; readonly code: string };
  readonly operations: readonly Operation[];
}
