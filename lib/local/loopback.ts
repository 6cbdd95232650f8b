import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';

/** Everything the twin serves is for this machine only: none of it checks a signature. */
export const LOOPBACK = '127.0.0.1';

/** A server of the twin that is up. */
export interface Endpoint {
  readonly port: number;
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Starts a server on the loopback address. @param port 0: any that is free. */
export async function serve(
  listener: RequestListener,
  port = 0,
  options: { maxHeaderSize?: number } = {},
): Promise<Endpoint & { server: Server }> {
  const server = createServer(options, listener);
  // A worker that sleeps keeps its connections: closing them at 5 s, as Node does, races with its next call.
  server.keepAliveTimeout = 120_000;
  await listening(server, port);
  const bound = boundPort(server);
  return { server, port: bound, url: `http://${LOOPBACK}:${bound}`, close: () => closed(server) };
}

/** Listens on the loopback address. @throws Error (EADDRINUSE) where the port is taken. */
export function listening(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, LOOPBACK, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

/** The port a listening server has. */
export function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}

/** Stops a server and ends its connections. */
export function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}

/** The body in full. @returns undefined once it is larger than `maxBytes`; the rest is not read. */
export async function bodyOf(
  request: IncomingMessage,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > maxBytes) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
