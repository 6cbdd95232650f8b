import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import * as tls from 'node:tls';
import { Agent, type buildConnector, type Dispatcher } from 'undici';
import { mayCall } from './addresses.ts';
import { RefusedError } from './errors.ts';

/** Whom the guard lets through to, and how it knows that it is them. */
export interface Guarded {
  /** The only origin that may be called: `https://HOST[:PORT]`. */
  readonly origin: string;
  /** PEM; absent: the public authorities. */
  readonly ca: string | readonly string[] | undefined;
  /** The name that the certificate must be for, where it is not the host's. */
  readonly serverName: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly privateCidrs: readonly string[];
  /** Where the deployment's `endpoints` setting sends this origin: neither looked up nor checked. */
  readonly insteadOf?: { readonly host: string; readonly port: number } | undefined;
  /** Names to addresses; absent: the system's. */
  readonly resolve?: Resolve | undefined;
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** Milliseconds to a secured connection, to the answer's headers, and between two pieces of its body. */
export interface Patience {
  readonly connect: number;
  readonly headers: number;
  readonly silence: number;
}

/** Bytes of an answer on the wire. Whoever reads it bounds what it unpacks to, and below this: a smaller page may do. */
const MOST_ON_WIRE = 33 * 1024 * 1024;

const systemResolve: Resolve = (name) =>
  new Promise((done, fail) => {
    dnsLookup(name, { all: true }, (error, addresses) => (error === null ? done(addresses) : fail(error)));
  });

/**
 * The only way to a cluster: it calls one origin, over TLS, at addresses that were checked when the name was resolved
 * for that very connection, and follows nothing. A name that turns to a private address between connect and sync, or
 * between look-up and connection, leads nowhere.
 */
export function guardedDispatcher(guarded: Guarded, patience: Patience): Dispatcher {
  const agent = new Agent({
    connect: connectorTo(guarded, patience.connect),
    // A cluster is asked for one thing at a time.
    connections: 1,
    pipelining: 1,
    allowH2: false,
    headersTimeout: patience.headers,
    bodyTimeout: patience.silence,
    maxResponseSize: MOST_ON_WIRE,
  });
  return agent.compose((dispatch) => (options, handler) => {
    if (String(options.origin) !== guarded.origin) throw new RefusedError('OTHER_HOST');
    return dispatch(options, withoutRedirects(handler));
  });
}

/** Passes everything on but a redirect, which ends the request. */
function withoutRedirects(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart(controller, status, ...rest) {
      if (status >= 300 && status < 400) controller.abort(new RefusedError('REDIRECT_REFUSED'));
      else handler.onResponseStart?.(controller, status, ...rest);
    },
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}

function connectorTo(guarded: Guarded, patience: number): buildConnector.connector {
  const { hostname, port } = new URL(guarded.origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = guarded.insteadOf ?? { host, port: port === '' ? 443 : Number(port) };
  const allowed = (address: string): boolean =>
    guarded.insteadOf !== undefined || mayCall(address, guarded.privateCidrs);
  const identity = guarded.serverName ?? host;
  return (_options, callback) => {
    // Node asks `lookup` for names only.
    if (isIP(to.host) !== 0 && !allowed(to.host)) {
      callback(new RefusedError('UNSAFE_ADDRESS'), null);
      return;
    }
    const socket = tls.connect({
      host: to.host,
      port: to.port,
      servername: isIP(identity) === 0 ? identity : '',
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(identity, certificate),
      lookup: checkedLookup(guarded.resolve ?? systemResolve, allowed),
      ca: guarded.ca === undefined ? undefined : [guarded.ca].flat(),
      cert: guarded.clientCertificate,
      key: guarded.clientKey,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    });
    const late = setTimeout(() => socket.destroy(new ConnectTimeoutError()), patience);
    const failed = (error: Error): void => {
      clearTimeout(late);
      callback(error, null);
    };
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      clearTimeout(late);
      socket.off('error', failed);
      if (allowed(socket.remoteAddress ?? '')) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(new RefusedError('UNSAFE_ADDRESS'), null);
    });
  };
}

/** No secured connection in time. */
class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
}

/** `lookup` as Node calls it, for all addresses or for one; a name is refused for a single unsafe one. */
function checkedLookup(resolve: Resolve, allowed: (address: string) => boolean): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => allowed(address))) {
          callback(new RefusedError('UNSAFE_ADDRESS'), '');
        } else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new TypeError('no address'), ''),
    );
  };
}
