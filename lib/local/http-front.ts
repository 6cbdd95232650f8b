import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { answeredAsCors } from './cors.ts';
import type { Functions } from './functions.ts';
import { RequestTooLargeError } from './functions.ts';
import { gatewayPath, httpEvent } from './http-event.ts';
import { bodyOf, type Endpoint, serve } from './loopback.ts';
import type { StackModel } from './model.ts';
import { RouteTable } from './route-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Largest request body that the gateway takes. Bytes. */
const BODY_LIMIT = 10 * 1024 * 1024;
/** Request line and header values together, at most. Bytes. */
const HEAD_LIMIT = 10_240;

const header = z.union([z.string(), z.number(), z.boolean()]);
const answerSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), header).nullish(),
  body: z.string().nullish(),
  cookies: z.array(z.string()).nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What the gateway answers by itself: its body, not ours. */
class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The HTTP API in front of the functions.
 * @param throttle whether the stage's and routes' rates hold. Off by default: they protect an account, and on a laptop
 *   they would turn a test of a hundred requests at once into a test of the gateway.
 */
export async function startHttpFront(
  { routes, cors }: Pick<StackModel, 'routes' | 'cors'>,
  functions: Functions,
  { port, throttle }: { port: number; throttle: boolean },
): Promise<Endpoint> {
  const table = new RouteTable(routes);
  const buckets = new Map(routes.map((route) => [route.key, new TokenBucket(throttle ? route.throttle : {})]));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (headSize(request) > HEAD_LIMIT) throw new GatewayError(431, 'Request Header Fields Too Large');
    if (answeredAsCors(cors, request, response)) return;
    const { path, query } = decoded(request.url ?? '/');
    const match = table.find(request.method ?? '', path);
    if (match === undefined) throw new GatewayError(404, 'Not Found');
    if (buckets.get(match.route.key)?.take() === false) throw new GatewayError(429, 'Too Many Requests');
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT)
      throw new GatewayError(413, 'Request Entity Too Large');
    const body = await bodyOf(request, BODY_LIMIT);
    if (body === undefined) throw new GatewayError(413, 'Request Entity Too Large');
    const outcome = await within(
      match.route.timeoutMs,
      functions.invoke(match.route.function, httpEvent(request, body, match, query)),
    );
    if (!outcome.ok) throw new GatewayError(500, 'Internal Server Error');
    send(response, outcome.payload);
  };

  const { server, ...endpoint } = await serve(
    (request, response) => {
      response.setHeader('apigw-requestid', randomUUID());
      answer(request, response).catch((error: unknown) => refuse(response, error));
    },
    port,
    // Ours is the narrower limit; Node's only has to let such requests come this far.
    { maxHeaderSize: 256 * 1024 },
  );
  server.on('clientError', (error, socket) => {
    const [status, text] =
      'code' in error && error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large']
        : [400, 'Bad Request'];
    if (socket.writable)
      socket.end(
        `HTTP/1.1 ${status} ${text}\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"message":"${text}"}`,
      );
  });
  return endpoint;
}

function decoded(url: string): ReturnType<typeof gatewayPath> {
  try {
    return gatewayPath(url);
  } catch {
    throw new GatewayError(400, 'Bad Request');
  }
}

function headSize({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): number {
  const values = rawHeaders.filter((_, n) => n % 2 === 1);
  return Buffer.byteLength(`${method} ${url} HTTP/${httpVersion}\r\n`) + Buffer.byteLength(values.join(''));
}

/** The function may run on; its answer is lost, as at the gateway. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new GatewayError(503, 'Service Unavailable')), milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns a function's answer into HTTP; one without a status is the body of a 200. */
function send(response: ServerResponse, payload: string): void {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(payload);
    return;
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) throw new GatewayError(500, 'Internal Server Error');
  const { statusCode, headers, body, cookies, isBase64Encoded } = parsed.data;
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > 0) response.setHeader('content-type', 'text/plain;charset=UTF-8');
  for (const [name, content] of Object.entries(headers ?? {})) {
    if (!/^(content-length|connection|transfer-encoding)$/i.test(name)) response.setHeader(name, String(content));
  }
  if (cookies !== undefined && cookies !== null && cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(statusCode, statusCode === 204 ? {} : { 'content-length': bytes.length }).end(bytes);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const known = error instanceof RequestTooLargeError ? new GatewayError(413, 'Request Entity Too Large') : error;
  const [status, message] =
    known instanceof GatewayError ? [known.status, known.message] : [500, 'Internal Server Error'];
  // What is left of the body is not read, so the connection cannot be used again.
  const headers = { 'content-type': 'application/json', ...(status === 413 ? { connection: 'close' } : {}) };
  response.writeHead(status, headers).end(JSON.stringify({ message }));
}
