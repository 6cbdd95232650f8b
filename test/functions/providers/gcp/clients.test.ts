import type { IncomingMessage, RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { GoogleClient } from '../../../../functions/providers/gcp/clients.ts';
import { HOSTS } from '../../../../functions/providers/gcp/hosts.ts';
import { classify } from '../../../../functions/providers/gcp/outcomes.ts';
import { Transport } from '../../../../functions/providers/gcp/transport.ts';
import type { SampleGcp } from '../../../../lib/local/clouds/gcp/sample-gcp.ts';
import { type Endpoint, serve } from '../../../../lib/local/loopback.ts';
import { failureOf, mainCredentials, sendTo, startGcp } from './sample.ts';

/** The one way out: where it goes, and what it does not do though libraries would. */
let sample: SampleGcp;
const opened: Endpoint[] = [];
beforeAll(async () => {
  sample = await startGcp();
});
afterAll(() => sample?.close());
const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
afterEach(async () => {
  for (const name of [...proxies, 'BIGQUERY_EMULATOR_HOST', 'GOOGLE_APPLICATION_CREDENTIALS']) delete process.env[name];
  sendTo(sample.settings.endpoints ?? []);
  sample.resetCalls();
  await Promise.all(opened.splice(0).map((endpoint) => endpoint.close()));
});

const LIMITS = { connect: 500, request: 1000, bytes: 1_000_000 };
const PROJECT = new URL(`https://${HOSTS.projects}/v3/projects/sample-project-1`);
const projectShape = z.object({ projectId: z.string() });

async function trap(listener: RequestListener): Promise<Endpoint> {
  const endpoint = await serve(listener);
  opened.push(endpoint);
  return endpoint;
}
/** A client whose calls of projects go to a server of the test; tokens still come from the sample cloud. */
async function clientTo(listener: RequestListener, limits = LIMITS): Promise<GoogleClient> {
  const { url } = await trap(listener);
  sendTo([{ host: HOSTS.projects, url: `${url}/in-front` }, ...(sample.settings.endpoints ?? [])]);
  return new GoogleClient(mainCredentials(sample), limits);
}
const failure = (client: GoogleClient) =>
  failureOf(client.get(PROJECT, projectShape), (error) => classify(error, { permissions: ['p'] })).finally(() =>
    client.close(),
  );

test('the deployment says where a host is, and the path of a call comes behind it', async () => {
  const seen: IncomingMessage[] = [];
  const client = await clientTo((request, response) => {
    seen.push(request);
    response.end('{"projectId":"sample-project-1"}');
  });
  expect(await client.get(PROJECT, projectShape)).toEqual({ projectId: 'sample-project-1' });
  expect(seen.map(({ url }) => url)).toEqual(['/in-front/v3/projects/sample-project-1']);
  expect(seen[0]?.headers.authorization).toMatch(/^Bearer ya29\./);
  client.close();
});

test('one token serves many calls, at once too', async () => {
  const client = new GoogleClient(mainCredentials(sample), LIMITS);
  await Promise.all(Array.from({ length: 5 }, () => client.get(PROJECT, projectShape)));
  expect(sample.calls().filter(({ service }) => service === 'oauth2')).toHaveLength(1);
  client.close();
});

test('no other host, port or protocol is ever called', async () => {
  const transport = new Transport(LIMITS);
  const urls = [
    'https://evil.example/',
    'http://oauth2.googleapis.com/',
    'https://oauth2.googleapis.com:8443/',
    'https://169.254.169.254/',
    'https://oauth2.googleapis.com.evil.example/',
    'https://metadata.google.internal/',
  ];
  for (const url of urls) {
    await expect(transport.send({ method: 'GET', url: new URL(url), headers: {} })).rejects.toMatchObject({
      code: 'UNKNOWN_HOST',
    });
  }
  transport.close();
});

test('proxies, emulators and credentials of the environment are not looked at', async () => {
  const called: string[] = [];
  const { url } = await trap((request, response) => {
    called.push(String(request.url));
    response.writeHead(502).end();
  });
  for (const name of proxies) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : url;
  process.env.BIGQUERY_EMULATOR_HOST = url;
  process.env.GOOGLE_APPLICATION_CREDENTIALS = '/nowhere/key.json';
  const client = new GoogleClient(mainCredentials(sample), LIMITS);
  expect(await client.get(PROJECT, projectShape)).toEqual({ projectId: 'sample-project-1' });
  const { costs } = await import('../../../../functions/providers/gcp/costs.ts');
  const source = costs(mainCredentials(sample), 'sample-project-1');
  const first = await source.page({ from: '2026-01-01', to: '2026-01-02' }, undefined, { calls: 0, bytes: 1e9 });
  await source.page({ from: '2026-01-01', to: '2026-01-02' }, first.next, { calls: 0, bytes: 1e9 });
  expect(called).toEqual([]);
  client.close();
  source.close();
});

describe('what an answer may not do', () => {
  test('a redirect is not followed, and no token is sent there', async () => {
    const called: IncomingMessage[] = [];
    const { url } = await trap((request, response) => {
      called.push(request);
      response.end('{"projectId":"stolen"}');
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const client = await clientTo((_, response) => response.writeHead(status, { location: url }).end());
      expect(await failure(client)).toMatchObject({ outcome: 'failed', code: 'REDIRECTED', retryable: false });
    }
    expect(called).toEqual([]);
  });

  test('drip by drip it ends at the time limit', async () => {
    const client = await clientTo((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(drip));
    });
    const before = performance.now();
    expect(await failure(client)).toMatchObject({ outcome: 'failed', code: 'TIMEOUT', retryable: true });
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('more than the byte limit ends it, and so does a bomb of gzip', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    for (const [headers, body] of [
      [{}, Buffer.alloc(2_000_000, ' ')],
      [{ 'content-encoding': 'gzip' }, bomb],
    ] as const) {
      const client = await clientTo((_, response) => response.writeHead(200, headers).end(body));
      expect(await failure(client)).toMatchObject({ outcome: 'failed', code: 'ANSWER_TOO_LARGE', retryable: false });
    }
  });

  test('cut off, or gzip that is none, may pass', async () => {
    const cut = await clientTo((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      response.destroy();
    });
    expect(await failure(cut)).toMatchObject({ outcome: 'failed', code: 'UNREACHABLE', retryable: true });
    const broken = await clientTo((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'),
    );
    expect(await failure(broken)).toMatchObject({ outcome: 'failed', code: 'UNREACHABLE' });
  });

  test('no JSON, or other JSON, is an unexpected answer', async () => {
    for (const text of ['<html>', '[]', '{"projectId":5}', '']) {
      const client = await clientTo((_, response) => response.end(text));
      expect(await failure(client)).toMatchObject({ outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false });
    }
  });
});

test('nothing is tried again here, neither a call nor a token', async () => {
  let calls = 0;
  const client = await clientTo((_, response) => {
    calls += 1;
    response.writeHead(503).end('{}');
  });
  expect(await failure(client)).toMatchObject({ outcome: 'failed', retryable: true });
  expect(calls).toBe(1);
  let tokens = 0;
  const { url } = await trap((_, response) => {
    tokens += 1;
    response.writeHead(503).end('{}');
  });
  sendTo([{ host: HOSTS.token, url }]);
  expect(await failure(new GoogleClient(mainCredentials(sample), LIMITS))).toMatchObject({
    outcome: 'failed',
    retryable: true,
  });
  expect(tokens).toBe(1);
});

test('what is thrown holds neither the key, nor the assertion, nor the token', async () => {
  const { inspect } = await import('node:util');
  const assertions: string[] = [];
  const { url } = await trap((request, response) => {
    request.on('data', (chunk) => assertions.push(String(chunk)));
    request.on('end', () => response.writeHead(400).end('{"error":"invalid_grant","error_description":"no"}'));
  });
  sendTo([{ host: HOSTS.token, url }]);
  const client = new GoogleClient(mainCredentials(sample), LIMITS);
  const error = await client.get(PROJECT, projectShape).catch((thrown: unknown) => thrown);
  client.close();
  const said = inspect(error, { depth: 20, showHidden: true });
  const assertion = new URLSearchParams(assertions.join('')).get('assertion') ?? '';
  expect(assertion.length).toBeGreaterThan(200);
  expect(said).not.toContain(assertion.slice(0, 32));
  expect(said).not.toContain('PRIVATE KEY');
});
