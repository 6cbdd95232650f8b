import * as z from 'zod';
import type { CapabilityName } from '../runtime/capabilities.ts';
import {
  includeQuery,
  inventoryResourceSchema,
  jobPath,
  jobSchema,
  nothing,
  providerPath,
  providerSchema,
  providersQuery,
  resourcesQuery,
  syncBody,
  syncStartedSchema,
} from './common/wire.ts';

/** Everything under here is ours; a path in the registry is relative to it. */
export const BASE_PATH = '/api/v1/providers';

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

const reader = { method: 'GET', role: 'viewer', needs: ['checkTokens', 'readTable'], timeoutSeconds: 15 } as const;

/** REGISTRY: one entry per endpoint. Adding one adds its Lambda, route, role, environment and throttle. */
export const routes = {
  connect: {
    method: 'POST',
    path: '/{cloud}/connect',
    file: 'connect',
    role: 'admin',
    audit: 'connect',
    needs: ['checkTokens', 'writeTable', 'createSecrets', 'deleteSecrets', 'requestSync', 'writeAudit', 'callClouds'],
    params: nothing,
    query: nothing,
    status: 201,
    answer: providerSchema,
    throttle: { rate: 5, burst: 20 },
    timeoutSeconds: 28,
  },
  listProviders: {
    ...reader,
    path: '/',
    file: 'list-providers',
    params: nothing,
    query: providersQuery,
    status: 200,
    answer: z.array(providerSchema),
  },
  getProvider: {
    ...reader,
    path: '/{id}',
    file: 'get-provider',
    params: providerPath,
    query: includeQuery,
    status: 200,
    answer: providerSchema,
  },
  startSync: {
    method: 'POST',
    path: '/{id}/sync',
    file: 'start-sync',
    role: 'admin',
    audit: 'sync',
    needs: ['checkTokens', 'writeTable', 'requestSync', 'writeAudit'],
    params: providerPath,
    query: nothing,
    body: syncBody,
    emptyBody: true,
    status: 202,
    answer: syncStartedSchema,
    timeoutSeconds: 15,
  },
  disconnectProvider: {
    method: 'DELETE',
    path: '/{id}',
    file: 'disconnect-provider',
    role: 'admin',
    audit: 'disconnect',
    needs: ['checkTokens', 'writeTable', 'deleteSecrets', 'publishEvents', 'writeAudit'],
    params: providerPath,
    query: nothing,
    status: 204,
    answer: z.undefined(),
    timeoutSeconds: 28,
  },
  getJob: {
    ...reader,
    path: '/{id}/jobs/{job_id}',
    file: 'get-job',
    params: jobPath,
    query: nothing,
    status: 200,
    answer: jobSchema,
  },
  listResources: {
    ...reader,
    path: '/{id}/resources',
    file: 'list-resources',
    params: providerPath,
    query: resourcesQuery,
    status: 200,
    answer: z.array(inventoryResourceSchema),
  },
  notFound: {
    method: 'ANY',
    path: '$default',
    file: 'not-found',
    public: true,
    needs: [],
    params: z.object({}),
    query: z.object({}),
    status: 404,
    answer: z.undefined(),
    throttle: { rate: 5, burst: 20 },
    timeoutSeconds: 5,
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
