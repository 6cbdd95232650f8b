import type { SampleProject } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import type { Pageable, PageLimits } from '../pages.ts';
import type { Style } from '../refusal.ts';
import type { State } from '../state.ts';

/** A request as an operation sees it: already authenticated, admitted and routed. */
export interface Call {
  readonly state: State;
  readonly knobs: Knobs;
  readonly project: SampleProject;
  /** The address of the caller's service account. */
  readonly caller: string;
  /** A part of the path or a parameter of the query. */
  param(name: string): string | undefined;
  /** The JSON body; undefined where there is none. */
  readonly body: unknown;
  /** What the knobs deny of another call. */
  denies(service: string, operation: string): boolean;
  /** One page by a size and a token that were sent. */
  page<T>(
    items: Pageable<T>,
    limits: Omit<PageLimits, 'size' | 'token'> & { readonly size: string },
  ): { items: T[]; next: string | undefined };
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** With `{names}` for its parts, which are parameters. */
  readonly path: string;
  /** What it takes. */
  readonly permission: string;
  /** Without the permission it is not refused, but answers less. */
  readonly silent?: true;
  run(call: Call): unknown;
}

/** An API of the sample cloud. */
export interface Service {
  /** As in knobs and in the ledger of calls. */
  readonly name: string;
  readonly host: string;
  readonly style: Style;
  readonly operations: readonly Operation[];
}
