import { createWriteStream } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';

/** A server in front of another that writes down what goes through it, and changes nothing. */
export interface Recorder {
  readonly url: string;
  close(): Promise<void>;
}

/** @param file a line of JSON for each request with its answer; bodies in base64 */
export async function startRecorder(target: string, file: string): Promise<Recorder> {
  const { hostname, port } = new URL(target);
  const out = createWriteStream(file);
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    void bytesOf(request).then((body) => {
      // The host stays as it was: it is part of what was signed.
      const forwarded = send({ hostname, port, method, path: url, headers }, (answer) => {
        void bytesOf(answer).then((bytes) => {
          const status = answer.statusCode ?? 0;
          const said = { status, headers: flat(answer.headers), body: bytes.toString('base64') };
          const line = { method, url, headers: flat(headers), body: body.toString('base64'), answer: said };
          out.write(`${JSON.stringify(line)}\n`);
          response.writeHead(status, answer.headers).end(bytes);
        });
      });
      forwarded.once('error', () => response.destroy());
      forwarded.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await new Promise<void>((done) => out.end(done));
    },
  };
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
