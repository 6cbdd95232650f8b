import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { setting } from '../../runtime/settings.ts';
import { HOSTS } from './hosts.ts';

/** Limits of one call: milliseconds to connect and in all, bytes of the answer after decompression. */
export interface Limits {
  readonly connect: number;
  readonly request: number;
  readonly bytes: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export type TransportCode = 'TIMEOUT' | 'UNREACHABLE' | 'ANSWER_TOO_LARGE' | 'REDIRECTED' | 'UNKNOWN_HOST';

/** There is no answer. Why is only a word: what the network says of hosts and addresses is nobody's business. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportCode;
  constructor(code: TransportCode) {
    super(code);
    this.code = code;
  }
}

const KNOWN: ReadonlySet<string> = new Set(Object.values(HOSTS));
const SOCKETS = 16;

/**
 * The way to Google's hosts, and to no others: with time and byte limits, without redirects, retries or proxies (agents
 * of our own take none from the environment). The deployment's `endpoints` send a host elsewhere.
 */
export class Transport {
  readonly #limits: Limits;
  readonly #signal: AbortSignal | undefined;
  readonly #agents = new Map<string, HttpAgent | HttpsAgent>();

  /** @param signal ends every call; absent: only the limits do. */
  constructor(limits: Limits, signal?: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** @throws TransportError */
  async send(call: Call): Promise<Answer> {
    const { url, ca } = this.#endpointOf(call.url);
    const answer = Promise.withResolvers<IncomingMessage>();
    const secure = url.protocol === 'https:';
    const send = secure ? httpsRequest : httpRequest;
    const body = call.body === undefined ? undefined : Buffer.from(call.body);
    const request = send(url, {
      method: call.method,
      headers: {
        ...call.headers,
        // Google compresses only for who also says so in the name.
        'accept-encoding': 'gzip',
        'user-agent': 'infraaudit (gzip)',
        ...(body === undefined ? {} : { 'content-length': body.byteLength }),
      },
      agent: this.#agentOf(secure, ca),
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    });
    const slow = new TransportError('TIMEOUT');
    let isLate = false;
    const giveUp = (): void => {
      isLate = true;
      request.destroy(slow);
    };
    const inAll = setTimeout(giveUp, this.#limits.request);
    const connecting = setTimeout(giveUp, this.#limits.connect);
    request.once('socket', (socket) => {
      if (!socket.connecting) clearTimeout(connecting);
      else socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
    });
    request.once('response', answer.resolve);
    // It may fail again while the body is read, which the reading reports.
    request.on('error', answer.reject);
    request.end(body);
    try {
      const message = await answer.promise;
      const status = message.statusCode ?? 0;
      if (status >= 300 && status < 400) throw new TransportError('REDIRECTED');
      return { status, type: message.headers['content-type'] ?? '', text: await textOf(message, this.#limits.bytes) };
    } catch (error) {
      request.destroy();
      if (error instanceof TransportError) throw error;
      throw isLate || this.#signal?.aborted === true ? slow : new TransportError('UNREACHABLE');
    } finally {
      clearTimeout(inAll);
      clearTimeout(connecting);
    }
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #endpointOf(url: URL): { readonly url: URL; readonly ca: string | undefined } {
    if (url.protocol !== 'https:' || url.port !== '' || !KNOWN.has(url.hostname)) {
      throw new TransportError('UNKNOWN_HOST');
    }
    const given = setting('clouds').endpoints.find((one) => one.host === url.hostname);
    if (given === undefined) return { url, ca: undefined };
    return { url: new URL(`${given.url.replace(/\/+$/, '')}${url.pathname}${url.search}`), ca: given.ca };
  }

  #agentOf(secure: boolean, ca: string | undefined): HttpAgent | HttpsAgent {
    const key = `${secure}${ca ?? ''}`;
    const options = { keepAlive: true, maxSockets: SOCKETS };
    const agent =
      this.#agents.get(key) ??
      (secure ? new HttpsAgent({ ...options, ...(ca === undefined ? {} : { ca }) }) : new HttpAgent(options));
    this.#agents.set(key, agent);
    return agent;
  }
}

async function textOf(message: IncomingMessage, most: number): Promise<string> {
  const packed = message.headers['content-encoding'] === 'gzip';
  // Its errors reach the reader below, by the end of the pipe.
  const body = packed ? pipeline(message, createGunzip(), () => undefined) : message;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    const chunk = Buffer.from(part);
    bytes += chunk.byteLength;
    if (bytes > most) throw new TransportError('ANSWER_TOO_LARGE');
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
