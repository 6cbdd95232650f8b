import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import { setting } from '../../runtime/settings.ts';

/** The only two hosts of Azure that are called; every other is refused before a connection is made. */
export const LOGIN_HOST = 'login.microsoftonline.com';
export const MANAGEMENT_HOST = 'management.azure.com';

/** Time limits of calls, in milliseconds: to connect, and for the whole answer. */
export interface Limits {
  readonly connect: number;
  readonly request: number;
}

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** No answer came, or none that may be read. `code` is a short word, the same for whatever the network says. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly code: 'TIMEOUT' | 'NO_CONNECTION' | 'TOO_LARGE';
  constructor(code: 'TIMEOUT' | 'NO_CONNECTION' | 'TOO_LARGE') {
    super(code);
    this.code = code;
  }
}

/** A URL that is not one of Azure's two hosts: nothing is sent there, no token above all. */
export class UnsafeHostError extends Error {
  override readonly name = 'UnsafeHostError';
}

/** A page of a thousand rows has a few megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const SOCKETS = 16;

/**
 * The only thing that calls Azure. It follows no redirect, knows no proxy, asks for no compression, and sends a call
 * elsewhere only where the deployment's `endpoints` say so for that host.
 */
export class Transport {
  readonly #limits: Limits;
  readonly #signal: AbortSignal | undefined;
  readonly #agents = new Map<string, Agent | PlainAgent>();

  /** @param signal ends every call, such as the time that proving may take in all. */
  constructor(limits: Limits, signal?: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** @throws UnsafeHostError; NoAnswerError. An answer of whatever status is returned. */
  async send(asked: Asked): Promise<Answer> {
    const { host, pathname, search, protocol } = asked.url;
    if (protocol !== 'https:' || (host !== LOGIN_HOST && host !== MANAGEMENT_HOST)) throw new UnsafeHostError();
    const given = setting('clouds').endpoints.find((one) => one.host === host);
    const base = new URL(given?.url ?? `https://${host}`);
    const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${pathname}${search}`);
    const limit = AbortSignal.timeout(this.#limits.request);
    const signal = this.#signal === undefined ? limit : AbortSignal.any([this.#signal, limit]);
    return this.#exchange(asked, url, given?.ca, signal);
  }

  destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #exchange(asked: Asked, url: URL, ca: string | undefined, signal: AbortSignal): Promise<Answer> {
    return new Promise((done, fail) => {
      const failed = (): void => fail(new NoAnswerError(signal.aborted ? 'TIMEOUT' : 'NO_CONNECTION'));
      const options = { method: asked.method, signal };
      const sent =
        url.protocol === 'https:'
          ? tlsRequest(url, { ...options, agent: this.#secureAgent(url.origin, ca) })
          : plainRequest(url, { ...options, agent: this.#plainAgent(url.origin) });
      // Not among the options: those are what `NODE_DEBUG=http` prints.
      for (const [name, value] of Object.entries(asked.headers)) sent.setHeader(name, value);
      sent.once('response', (response) => {
        read(response).then(done, (error: unknown) => {
          response.destroy();
          if (error instanceof NoAnswerError) fail(error);
          else failed();
        });
      });
      sent.once('error', failed);
      sent.once('socket', (socket) => {
        if (!socket.connecting) return;
        const late = setTimeout(() => sent.destroy(), this.#limits.connect);
        const connected = (): void => clearTimeout(late);
        socket.once('connect', connected).once('close', connected);
      });
      sent.end(asked.body);
    });
  }

  #secureAgent(origin: string, ca: string | undefined): Agent {
    const known = this.#agents.get(origin);
    if (known instanceof Agent) return known;
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS, ...(ca === undefined ? {} : { ca }) });
    this.#agents.set(origin, agent);
    return agent;
  }

  #plainAgent(origin: string): PlainAgent {
    const known = this.#agents.get(origin);
    if (known !== undefined) return known;
    const agent = new PlainAgent({ keepAlive: true, maxSockets: SOCKETS });
    this.#agents.set(origin, agent);
    return agent;
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new NoAnswerError('TOO_LARGE');
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
