import middy from '@middy/core';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod';
import type { AuditLog } from '../adapters/audit-log.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Adapter, Adapters, PortsOf } from '../runtime/adapter.ts';
import type { CapabilityName } from '../runtime/capabilities.ts';
import { log, metrics } from '../runtime/logger.ts';
import { readJson, validate } from './common/body.ts';
import { Problem, problemOf } from './common/problems.ts';
import { authenticate, type Caller } from './common/token.ts';
import { providerPath } from './common/wire.ts';
import type { Route } from './routes.ts';

/** One request, checked and parsed. */
export interface Call<R extends Route> {
  readonly caller: Caller;
  readonly params: z.output<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: R extends { readonly body: infer S extends z.ZodType } ? z.output<S> : unknown;
  /** The header of that name (lower case). */
  readonly header: (name: string) => string | undefined;
  /** Path and query as they were called, for links to a next page. */
  readonly url: { readonly path: string; readonly query: URLSearchParams };
}

/** What a handler answers: the body of the route's schema, or a response that was given before. */
export type Answer<R extends Route> = Given<R> | Replayed;

interface Given<R extends Route> {
  readonly body: z.input<R['answer']>;
  /** Headers that only the handler knows. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Id of the provider it was about, for the audit line of a call whose path names none. */
  readonly provider?: number;
}

interface Replayed {
  readonly raw: APIGatewayProxyStructuredResultV2;
}

/** An adapter whose capability the route's `needs` do not list does not fit here. */
type Allowed<R extends Route> = Adapters<R['needs'][number]> &
  (R extends { readonly audit: string } ? { readonly audit: Adapter<'writeAudit', AuditLog> } : unknown);

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** What is known of a request so far; the audit line is written from it, also when the request is refused. */
interface Trail {
  caller?: Caller;
  provider?: number | undefined;
}

/** How the wrapper itself sees any endpoint: routes by their base type, ports by name. */
type AnyAdapters = Adapters<CapabilityName> & { readonly audit?: Adapter<'writeAudit', AuditLog> };
type AnyHandle = (call: Call<Route>, ports: Readonly<Record<string, unknown>>) => Promise<Answer<Route>>;

/**
 * The only way to make an HTTP handler: token first, before a byte of the body is read, then role, path, query and
 * body by the route's schemas, the answer by its schema too, errors as statuses, and an audit line for every changing
 * call. Wrapped with middy; what is returned is the wrapped one.
 */
export function endpoint<const R extends Route, A extends Allowed<R>>(
  route: R,
  adapters: A,
  handle: (call: Call<R>, ports: PortsOf<A>) => Promise<Answer<R>>,
): Handler;
export function endpoint(route: Route, adapters: AnyAdapters, handle: AnyHandle): Handler {
  const run = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const trail: Trail = {};
    const result = await serve(route, adapters, handle, event, trail).catch((error: unknown) => failed(error, event));
    if (route.audit !== undefined && adapters.audit !== undefined) {
      await writeAudit(adapters.audit, route.audit, event, trail, result.statusCode ?? 500);
    }
    return result;
  };
  const wrapped = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(httpSecurityHeaders(SECURITY_HEADERS))
    .handler(run);
  return async (event, context) => wrapped(event, context);
}

async function serve(
  route: Route,
  adapters: AnyAdapters,
  handle: AnyHandle,
  event: APIGatewayProxyEventV2,
  trail: Trail,
): Promise<APIGatewayProxyStructuredResultV2> {
  const caller = route.public === true ? NOBODY : await authenticate(event.headers.authorization);
  if (route.public !== true) trail.caller = caller;
  // A path that cannot be one of ours names nothing: the same answer as for a missing one.
  const params = route.params.safeParse(event.pathParameters ?? {});
  trail.provider = providerPath.safeParse(event.pathParameters ?? {}).data?.id;
  if (route.role === 'admin' && caller.role !== 'admin') {
    throw new Problem(403, 'FORBIDDEN', 'The token may not do this.');
  }
  if (!params.success) throw new NotFoundError();
  const call: Call<Route> = {
    caller,
    params: params.data,
    query: validate(route.query, queryOf(event), 'query'),
    body: bodyOf(route, event),
    header: (name) => event.headers[name],
    url: { path: event.rawPath, query: new URLSearchParams(event.rawQueryString) },
  };
  const ports = Object.fromEntries(Object.entries(adapters).map(([name, one]) => [name, one?.open()]));
  const answer = await handle(call, ports);
  if ('raw' in answer) return answer.raw;
  trail.provider ??= answer.provider;
  return respond(route, answer);
}

function respond(route: Route, answer: Given<Route>): APIGatewayProxyStructuredResultV2 {
  const parsed = route.answer.safeParse(answer.body);
  if (!parsed.success) throw new TypeError(`The answer does not have the shape of ${route.path}.`);
  const headers = { ...NO_STORE, ...answer.headers };
  if (parsed.data === undefined) return { statusCode: route.status, headers };
  return { statusCode: route.status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(parsed.data) };
}

async function writeAudit(
  adapter: Adapter<'writeAudit', AuditLog>,
  action: string,
  event: APIGatewayProxyEventV2,
  trail: Trail,
  result: number,
): Promise<void> {
  const line = {
    time: new Date(event.requestContext.timeEpoch).toISOString(),
    tenant: trail.caller?.tenant ?? null,
    actor: trail.caller?.actor ?? null,
    role: trail.caller?.role ?? null,
    action,
    provider: trail.provider ?? null,
    source_address: event.requestContext.http.sourceIp,
    request_id: event.requestContext.requestId,
    result,
  };
  try {
    await adapter.open().write(line);
  } catch (error) {
    // The call has had its effect: the line goes where it can, and an alarm says that the audit log has a hole.
    log.error('An audit line could not be written.', { error, audit: line });
    metrics.count('AuditFailed');
  }
}

/** For an API that answers JSON only: nothing in an answer may run, be framed or be guessed at. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: { 'default-src': "'none'", 'frame-ancestors': "'none'", sandbox: '' },
  permissionsPolicy: false,
} as const;
const NO_STORE = { 'cache-control': 'no-store' };
const JSON_TYPE = { 'content-type': 'application/json' };
const NOBODY: Caller = { tenant: '', tenantHash: '', actor: '', role: 'viewer' };

/** Repeated parameters are refused rather than guessed at: the gateway joins them with commas. */
function queryOf(event: APIGatewayProxyEventV2): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(event.rawQueryString)) {
    if (Object.hasOwn(query, name)) {
      throw new Problem(400, 'VALIDATION_FAILED', 'The query is not valid.', { details: 'a parameter is repeated' });
    }
    Object.defineProperty(query, name, { value, enumerable: true });
  }
  return query;
}

function bodyOf(route: Route, event: APIGatewayProxyEventV2): unknown {
  if (route.body === undefined) return undefined;
  return validate(route.body, readJson(event, route.emptyBody === true), 'body');
}

function failed(error: unknown, event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const problem = problemOf(error);
  if (problem.status === 500) log.error('A request failed.', { error, request_id: event.requestContext.requestId });
  return {
    statusCode: problem.status,
    headers: { ...JSON_TYPE, ...NO_STORE, ...problem.headers },
    body: JSON.stringify(problem.body()),
  };
}
