import { gaxios, JWT } from 'google-auth-library';
import type * as z from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import type { GcpCredentials } from './credentials.ts';
import { GoogleError, TokenError, UnexpectedAnswerError } from './google-error.ts';
import { UNIVERSE } from './hosts.ts';
import { type Answer, type Limits, Transport, TransportError } from './transport.ts';

/** There is no narrower scope that Cloud Asset Inventory takes; what the key may do is said by its roles alone. */
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/** What connects to a customer's project: the only place that makes it, from the checked fields of the key. */
export class GoogleClient {
  readonly jwt: JWT;
  readonly #transport: Transport;

  constructor(credentials: Secret<GcpCredentials>, limits: Limits, signal?: AbortSignal) {
    const { clientEmail: email, privateKey: key, privateKeyId: keyId } = credentials.reveal();
    this.#transport = new Transport(limits, signal);
    this.jwt = new JWT({
      email,
      key,
      ...(keyId === undefined ? {} : { keyId }),
      scopes: SCOPES,
      universeDomain: UNIVERSE,
      // They would write headers and answers to the log when a variable of the environment asks for it.
      useAuthRequestParameters: false,
      transporterOptions: {
        fetchImplementation: fetchBy(this.#transport),
        // The engine makes calls again, and connecting has no time to.
        retry: false,
        retryConfig: { retry: 0, noResponseRetries: 0 },
      },
    });
  }

  get<T>(url: URL, shape: z.ZodType<T>): Promise<T> {
    return this.#call('GET', url, undefined, shape);
  }

  post<T>(url: URL, body: unknown, shape: z.ZodType<T>): Promise<T> {
    return this.#call('POST', url, body, shape);
  }

  /** The answer's JSON as it stands. @throws GoogleError, TokenError, TransportError, UnexpectedAnswerError */
  async json(method: 'GET' | 'POST', url: URL, body?: unknown): Promise<unknown> {
    const answer = await this.#transport.send({
      method,
      url,
      headers: {
        authorization: `Bearer ${await this.#token()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value = jsonOf(answer);
    if (answer.status >= 200 && answer.status < 300) {
      if (value === undefined) throw new UnexpectedAnswerError('The answer is not JSON.');
      return value;
    }
    throw new GoogleError(answer.status, value);
  }

  close(): void {
    this.#transport.close();
  }

  async #call<T>(method: 'GET' | 'POST', url: URL, body: unknown, shape: z.ZodType<T>): Promise<T> {
    const parsed = shape.safeParse(await this.json(method, url, body));
    if (!parsed.success) throw new UnexpectedAnswerError('The answer does not have its shape.');
    return parsed.data;
  }

  /** Asked for once, and again when it is about to expire. The library's errors carry the request: they stop here. */
  async #token(): Promise<string> {
    const got = await this.jwt.getAccessToken().catch((error: unknown) => {
      throw errorOfToken(error);
    });
    if (typeof got.token !== 'string') throw new UnexpectedAnswerError('There is no token in the answer.');
    return got.token;
  }
}

function errorOfToken(error: unknown): Error {
  if (error instanceof gaxios.GaxiosError) {
    if (error.response !== undefined) return new TokenError(error.response.status, error.response.data);
    if (error.cause instanceof TransportError) return error.cause;
  }
  return new UnexpectedAnswerError('No token could be had.');
}

/** Our transport in the form in which the library takes one. */
const fetchBy =
  (transport: Transport): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, {
      method: init?.method ?? 'GET',
      headers: init?.headers ?? {},
      body: init?.body ?? null,
    });
    const { status, type, text } = await transport.send({
      method: request.method === 'POST' ? 'POST' : 'GET',
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
    return new Response(text, { status, headers: { 'content-type': type } });
  };

function jsonOf({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
