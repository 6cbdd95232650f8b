import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { HttpMethod, KubeConfig, type RequestContext, ServerConfiguration } from '@kubernetes/client-node';
import { type Dispatcher, request } from 'undici';
import * as z from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import { setting } from '../../runtime/settings.ts';
import type { KubernetesCredentials } from './credentials.ts';
import { ApiStatusError, RefusedError, UnexpectedAnswerError } from './errors.ts';
import { guardedDispatcher, type Resolve } from './guard.ts';

/** Time limits of calls, in milliseconds: to connect, to the first byte, between two pieces, and for the whole answer. */
export interface Limits {
  readonly connect: number;
  readonly headers: number;
  readonly silence: number;
  readonly request: number;
}

/** What one request to the API server is. */
export interface ApiRequest {
  /** Below the server's own path, such as `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The form of the answer; JSON where not said. */
  readonly accept?: string;
  /** JSON to POST; absent: GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A connected cluster. Answers are JSON that nobody has looked at yet. */
export interface Cluster {
  /** @throws ApiStatusError, RefusedError, UnexpectedAnswerError, and what the network throws. */
  call(request: ApiRequest): Promise<unknown>;
  close(): void;
}

/**
 * Bytes of an answer after decompression. A page of 500 pods has a few megabytes; where objects are so large that a
 * page has more, a smaller page is asked for.
 */
const MOST_UNPACKED = 32 * 1024 * 1024;
const statusSchema = z.object({ message: z.string().optional() });

/**
 * The library's configuration made of a server and a token only. Left to itself it makes a dispatcher of its own or
 * none, so that redirects are followed and addresses are not looked at: here every request gets the guarded one, which
 * alone holds the client's certificate.
 */
class GuardedKubeConfig extends KubeConfig {
  readonly #dispatcher: Dispatcher;

  constructor(server: string, token: string | undefined, dispatcher: Dispatcher) {
    super();
    this.#dispatcher = dispatcher;
    const user = token === undefined ? { name: 'user' } : { name: 'user', token };
    this.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: false }, user);
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    context.setDispatcher(this.#dispatcher);
  }
}

/** The only place that says how a customer's cluster is called. @param resolve names to addresses, in tests. */
export function openCluster(credentials: Secret<KubernetesCredentials>, limits: Limits, resolve?: Resolve): Cluster {
  const { server, token, ca, serverName, clientCertificate, clientKey } = credentials.reveal();
  const { origin, host, pathname } = new URL(server);
  const given = setting('clouds').endpoints.find((one) => one.host === host);
  const instead = given === undefined ? undefined : new URL(given.url);
  const dispatcher = guardedDispatcher(
    {
      origin,
      ca: given?.ca === undefined ? ca : [given.ca, ...(ca === undefined ? [] : [ca])],
      serverName,
      clientCertificate,
      clientKey,
      privateCidrs: setting('clouds').privateEndpointCidrs,
      insteadOf: instead && { host: instead.hostname.replace(/^\[|\]$/g, ''), port: Number(instead.port || 443) },
      resolve,
    },
    limits,
  );
  const path = [instead?.pathname ?? '', pathname].map((part) => part.replace(/\/$/, '')).join('');
  const base = new ServerConfiguration(`${origin}${path}`, {});
  const config = new GuardedKubeConfig(server, token, dispatcher);
  return {
    async call({ path: below, query = {}, accept = 'application/json', body, signal }) {
      const context = base.makeRequestContext(below, body === undefined ? HttpMethod.GET : HttpMethod.POST);
      for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
      context.setHeaderParam('accept', accept);
      context.setHeaderParam('accept-encoding', 'gzip');
      context.setHeaderParam('user-agent', 'infraaudit-providers');
      if (body !== undefined) {
        context.setHeaderParam('content-type', 'application/json');
        context.setBody(JSON.stringify(body));
      }
      await config.applySecurityAuthentication(context);
      const limit = AbortSignal.timeout(limits.request);
      return send(context, signal === undefined ? limit : AbortSignal.any([limit, signal]));
    },
    close: () => void dispatcher.destroy(),
  };
}

async function send(context: RequestContext, signal: AbortSignal): Promise<unknown> {
  const dispatcher = context.getDispatcher();
  const body = context.getBody();
  if (dispatcher === undefined || (body !== undefined && typeof body !== 'string')) throw new TypeError('not guarded');
  const answer = await request(context.getUrl(), {
    dispatcher,
    method: context.getHttpMethod() === HttpMethod.POST ? 'POST' : 'GET',
    headers: context.getHeaders(),
    body: body ?? null,
    signal,
  });
  const text = await readText(answer.body, answer.headers['content-encoding'], signal);
  const json = parseJson(text);
  if (answer.statusCode < 200 || answer.statusCode > 299) {
    const status = statusSchema.safeParse(json);
    throw new ApiStatusError(answer.statusCode, status.success ? status.data.message : '');
  }
  if (json === undefined) throw new UnexpectedAnswerError('An answer is not JSON.');
  return json;
}

/** Unpacks an answer as far as it may go. @throws RefusedError ANSWER_TOO_LARGE; UnexpectedAnswerError */
async function readText(
  body: Readable,
  encoding: string | readonly string[] | undefined,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > MOST_UNPACKED) throw new RefusedError('ANSWER_TOO_LARGE', true);
      chunks.push(chunk);
    }
  };
  if (encoding === undefined || encoding === 'identity') await pipeline(body, collect, { signal });
  else if (encoding === 'gzip') await pipeline(body, createGunzip(), collect, { signal });
  else {
    body.on('error', () => undefined).destroy();
    throw new UnexpectedAnswerError('An answer is packed in a way that was not asked for.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
