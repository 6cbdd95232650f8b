import type * as z from 'zod';
import type { CapabilityName } from '../../runtime/capabilities.ts';

/** One endpoint: all that the stack, the handler and the API's description need to know of it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';
  /** Relative to BASE_PATH; `{cloud}` is expanded to one route and Lambda per registered cloud; `$default` is the rest. */
  readonly path: string;
  /** Module in `functions/http/` without its ending. Per cloud the entry is `providers/<cloud>/<file>.lambda.ts`. */
  readonly file: string;
  readonly needs: readonly CapabilityName[];
  /** The least role that may call it; absent on public routes. */
  readonly role?: 'viewer' | 'admin';
  /** Served without a token. */
  readonly public?: true;
  /** The audit line's action: present on every route that changes something. */
  readonly audit?: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** The JSON body; absent where none is read. */
  readonly body?: z.ZodType;
  /** An empty body counts as `{}`. */
  readonly emptyBody?: true;
  /** Success status and the body it carries. */
  readonly status: number;
  readonly answer: z.ZodType;
  /** Requests per second and burst of this route, below the stage's own throttle. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
  readonly timeoutSeconds: number;
}
