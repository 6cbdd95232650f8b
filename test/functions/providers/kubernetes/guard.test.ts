import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCluster } from '../../../../functions/providers/kubernetes/clients.ts';
import type { KubernetesCredentials } from '../../../../functions/providers/kubernetes/credentials.ts';
import { guardedDispatcher, type Resolve } from '../../../../functions/providers/kubernetes/guard.ts';
import { classify } from '../../../../functions/providers/kubernetes/outcomes.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { type Certified, issue, makeCa } from '../../../../lib/local/certificates.ts';
import { deploy } from './sample.ts';

const HOST = 'cluster.example.com:6443';
const LIMITS = { connect: 1000, headers: 1000, silence: 1000, request: 1500 } as const;

let ca: Certified;
let server: Server;
let port = 0;
let connections = 0;
let requests: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  ca = await makeCa('test');
  const { certificate: cert, key } = await issue(ca, { commonName: 'a', hosts: ['cluster.example.com'] });
  server = createServer({ cert, key }, (request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
beforeEach(() => {
  deploy({ endpoints: [{ host: HOST, url: `https://127.0.0.1:${port}` }] });
  [connections, requests] = [0, []];
  answer = (_request, response) => response.end('{"ok":true}');
});
afterEach(() => server.closeAllConnections());
afterAll(() => server.close());

/** One call to the cluster. */
async function call(change: Partial<KubernetesCredentials> = {}, resolve?: Resolve): Promise<unknown> {
  const credentials = { v: 1, server: `https://${HOST}`, ca: ca.certificate, token: 'a-token', ...change } as const;
  const cluster = openCluster(new Secret(credentials), LIMITS, resolve);
  try {
    return await cluster.call({ path: '/api/v1/pods' });
  } finally {
    cluster.close();
  }
}
const failure = (change?: Partial<KubernetesCredentials>, resolve?: Resolve) =>
  call(change, resolve).then(
    () => 'answered',
    (error: unknown) => classify(error, { permissions: ['list:pods'] }),
  );
const to =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('where it connects', () => {
  test('the deployment may send one host elsewhere; certificate and Host are still that host’s', async () => {
    expect(await call()).toEqual({ ok: true });
    expect(requests[0]?.headers).toMatchObject({ host: HOST, authorization: 'Bearer a-token' });
  });

  test('nothing but that setting leads to loopback, though somebody listens there', async () => {
    deploy({});
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '10.0.0.1', 'fd00:ec2::254']) {
      const change = { server: `https://cluster.example.com:${port}` };
      expect(await failure(change, to(address))).toEqual({
        outcome: 'failed',
        code: 'UNSAFE_ADDRESS',
        retryable: false,
      });
    }
    expect(connections).toBe(0);
  });

  test('a stored literal is checked again at every connection', async () => {
    deploy({});
    for (const host of ['127.0.0.1', '[::1]', '10.0.0.1', '[::ffff:7f00:1]']) {
      expect(await failure({ server: `https://${host}:${port}` })).toMatchObject({ code: 'UNSAFE_ADDRESS' });
    }
    expect(connections).toBe(0);
  });

  test('one unsafe address among safe ones is enough to refuse, in whatever place and form of look-up', async () => {
    deploy({});
    const before = getDefaultAutoSelectFamily();
    try {
      for (const all of [true, false]) {
        setDefaultAutoSelectFamily(all);
        for (const addresses of [['8.8.8.8', '127.0.0.1'], ['127.0.0.1', '8.8.8.8'], ['::1', '8.8.8.8'], []]) {
          const change = { server: `https://cluster.example.com:${port}` };
          expect(await failure(change, to(...addresses))).toMatchObject({ code: 'UNSAFE_ADDRESS' });
        }
      }
    } finally {
      setDefaultAutoSelectFamily(before);
    }
    expect(connections).toBe(0);
  });

  test('a name that led to the cluster when it was connected and is private now leads nowhere', async () => {
    expect(await call()).toEqual({ ok: true });
    deploy({});
    connections = 0;
    const change = { server: `https://cluster.example.com:${port}` };
    expect(await failure(change, to('127.0.0.1'))).toMatchObject({ code: 'UNSAFE_ADDRESS', retryable: false });
    expect(connections).toBe(0);
  });

  test('private networks of the deployment are called, and only they; loopback is not one', async () => {
    deploy({ privateEndpointCidrs: ['10.0.0.0/8', '127.0.0.0/8', '::/0'] });
    const change = { server: `https://cluster.example.com:${port}` };
    expect(await failure(change, to('127.0.0.1'))).toMatchObject({ code: 'UNSAFE_ADDRESS' });
    expect(await failure(change, to('192.168.0.1'))).toMatchObject({ code: 'UNSAFE_ADDRESS' });
    expect(connections).toBe(0);
  });

  test('a name that does not resolve, and a port that nobody listens on, read alike', async () => {
    deploy({});
    const unknown: Resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await failure({}, unknown)).toEqual({ outcome: 'failed', code: 'UNREACHABLE', retryable: true });
    deploy({ endpoints: [{ host: HOST, url: 'https://127.0.0.1:1' }] });
    expect(await failure()).toEqual({ outcome: 'failed', code: 'UNREACHABLE', retryable: true });
  });

  test('proxies of the environment are not asked', async () => {
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'https_proxy', 'http_proxy', 'all_proxy'];
    for (const name of names) process.env[name] = 'http://127.0.0.1:1';
    try {
      expect(await call()).toEqual({ ok: true });
    } finally {
      for (const name of names) delete process.env[name];
    }
  });

  test('the dispatcher calls no other origin, whoever asks it', async () => {
    const dispatcher = guardedDispatcher(
      {
        origin: `https://${HOST}`,
        ca: ca.certificate,
        serverName: undefined,
        clientCertificate: undefined,
        clientKey: undefined,
        privateCidrs: [],
        insteadOf: { host: '127.0.0.1', port },
      },
      LIMITS,
    );
    try {
      for (const url of [
        `https://127.0.0.1:${port}/`,
        `http://${HOST}/`,
        'https://cluster.example.com/',
        'https://evil.example/',
      ]) {
        await expect(fetch(url, { dispatcher })).rejects.toThrow();
      }
      expect(connections).toBe(0);
      expect(await (await fetch(`https://${HOST}/`, { dispatcher })).json()).toEqual({ ok: true });
    } finally {
      await dispatcher.destroy();
    }
  });
});

describe('whom it believes', () => {
  test('a server by another authority, or for another name, is refused before anything is sent', async () => {
    const another = await makeCa('another');
    expect(await failure({ ca: another.certificate })).toMatchObject({
      code: 'CERTIFICATE_REJECTED',
      retryable: false,
    });
    expect(await failure({ serverName: 'kubernetes' })).toMatchObject({ code: 'CERTIFICATE_REJECTED' });
    expect(await failure({ ca: undefined })).toMatchObject({ code: 'CERTIFICATE_REJECTED' });
    expect(requests).toEqual([]);
  });

  test('the name of tls-server-name stands in for the host’s', async () => {
    deploy({ endpoints: [{ host: 'other.example.com', url: `https://127.0.0.1:${port}` }] });
    const change = { server: 'https://other.example.com' };
    expect(await failure(change)).toMatchObject({ code: 'CERTIFICATE_REJECTED' });
    expect(await failure({ ...change, serverName: 'cluster.example.com' })).toBe('answered');
  });
});

describe('servers that mean harm', () => {
  test('a redirect is not followed, to wherever it leads, and the token goes nowhere', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      for (const location of [
        'https://169.254.169.254/latest/meta-data/',
        `https://127.0.0.1:${port}/`,
        '/elsewhere',
      ]) {
        answer = (_request, response) => response.writeHead(status, { location }).end();
        requests = [];
        expect(await failure()).toEqual({ outcome: 'failed', code: 'REDIRECT_REFUSED', retryable: false });
        expect(requests.map(({ url }) => url)).toEqual(['/api/v1/pods']);
      }
    }
  });

  test('a gzip bomb ends at the limit, with little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    expect(await failure()).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    clearInterval(watch);
    expect(most).toBeLessThan(128 * 1024 * 1024);
  });

  test('an answer without end stops at the limit', async () => {
    answer = (_request, response) => {
      const piece = Buffer.alloc(1024 * 1024, 0x20);
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', more);
      more();
    };
    // A smaller page may fit.
    expect(await failure()).toEqual({ outcome: 'failed', code: 'ANSWER_TOO_LARGE', retryable: true });
  });

  test('drip by drip, no headers, no handshake: it ends in time', async () => {
    const dripping: NodeJS.Timeout[] = [];
    answer = (_request, response) => {
      response.writeHead(200);
      dripping.push(setInterval(() => response.write(' '), 50));
    };
    const began = performance.now();
    expect(await failure()).toEqual({ outcome: 'failed', code: 'TIMEOUT', retryable: true });
    expect(performance.now() - began).toBeLessThan(2500);
    for (const one of dripping) clearInterval(one);
    answer = () => undefined;
    expect(await failure()).toEqual({ outcome: 'failed', code: 'TIMEOUT', retryable: true });
    const silent = (await import('node:net')).createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    const silentPort = typeof address === 'object' && address !== null ? address.port : 0;
    deploy({ endpoints: [{ host: HOST, url: `https://127.0.0.1:${silentPort}` }] });
    expect(await failure()).toEqual({ outcome: 'failed', code: 'TIMEOUT', retryable: true });
    silent.close();
  });

  test('endless headers, a packing that was not asked for, half an answer, no JSON', async () => {
    answer = (_request, response) => response.writeHead(200, { a: 'x'.repeat(1024 * 1024) }).end('{}');
    expect(await failure()).toMatchObject({ outcome: 'failed', code: 'ANSWER_TOO_LARGE', retryable: false });
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('{}');
    expect(await failure()).toMatchObject({ code: 'UNEXPECTED_ANSWER', retryable: false });
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}');
    expect(await failure()).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    const half = gzipSync(JSON.stringify({ items: Array(1000).fill('x') })).subarray(0, 30);
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(half);
    expect(await failure()).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    answer = (_request, response) => response.end('<html>');
    expect(await failure()).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{');
      setTimeout(() => response.destroy(), 20);
    };
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE', retryable: true });
    answer = (request) => request.socket.destroy();
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE', retryable: true });
  });

  test('a refusal that names something does not get into the outcome', async () => {
    answer = (_request, response) =>
      response.writeHead(403).end(JSON.stringify({ kind: 'Status', message: 'go to https://evil.example' }));
    expect(JSON.stringify(await failure())).not.toContain('evil');
    expect(await failure()).toMatchObject({ outcome: 'denied', permission: 'list:pods', deniedBy: 'unknown' });
  });
});
