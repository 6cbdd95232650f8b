import { createServer, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { pauseOf } from '../../../../functions/providers/azure/clients.ts';
import { answerOf, UnexpectedAnswerError } from '../../../../functions/providers/azure/outcomes.ts';
import { Transport } from '../../../../functions/providers/azure/transport.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A host that stands for Azure Resource Manager, below a path of its URL. */
async function stand(answer: Parameters<typeof createServer>[1], seen: string[] = []): Promise<readonly string[]> {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer?.(request, response);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const endpoints = [{ host: 'management.azure.com', url: `http://127.0.0.1:${port}/below/` }];
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, endpoints }));
  return seen;
}
const LIMITS = { connect: 1000, request: 1000 };
async function send(url: string, limits = LIMITS) {
  const transport = new Transport(limits);
  try {
    return await transport.send({ method: 'GET', url: new URL(url), headers: { authorization: 'Bearer x' } });
  } finally {
    transport.destroy();
  }
}

test("the settings' URL takes the place of the host alone: its path goes in front of the call's", async () => {
  const seen = await stand((_, response) => response.end('{}'));
  expect((await send('https://management.azure.com/subscriptions/x?api-version=1&$skiptoken=a%2Fb')).text).toBe('{}');
  expect(seen).toEqual(['GET /below/subscriptions/x?api-version=1&$skiptoken=a%2Fb']);
});

test('no other host is called, whatever its name looks like', async () => {
  const seen = await stand((_, response) => response.end('{}'));
  for (const url of [
    'http://management.azure.com/x',
    'https://management.azure.com:8443/x',
    'https://management.azure.com.evil.example/x',
    'https://evil.example/management.azure.com',
    'https://169.254.169.254/metadata/instance',
    'https://westeurope.login.microsoft.com/x',
  ]) {
    await expect(send(url), url).rejects.toThrow(expect.objectContaining({ name: 'UnsafeHostError' }));
  }
  expect(seen).toEqual([]);
});

test('a redirect is an answer like others: nobody goes there', async () => {
  const seen = await stand((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/x' }).end());
  expect((await send('https://management.azure.com/x')).status).toBe(302);
  expect(seen).toHaveLength(1);
});

test('an answer that drips, or never ends, is given up within its time and bytes', async () => {
  await stand((_, response) => {
    const drip = setInterval(() => response.write(' '), 50);
    response.once('close', () => clearInterval(drip));
  });
  const began = performance.now();
  await expect(send('https://management.azure.com/x')).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(performance.now() - began).toBeLessThan(2000);
  server?.closeAllConnections();
  server?.close();
  const block = 'x'.repeat(1024 * 1024);
  await stand((_, response) => {
    const pour = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', pour);
    pour();
  });
  await expect(send('https://management.azure.com/x', { connect: 1000, request: 20_000 })).rejects.toMatchObject({
    code: 'TOO_LARGE',
  });
});

test('an answer that is packed, though nobody asked for it, is not unpacked: a bomb stays as small as it came', async () => {
  const asked: unknown[] = [];
  const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
  await stand((request, response) => {
    asked.push(request.headers['accept-encoding']);
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  const { text } = await send('https://management.azure.com/x', { connect: 1000, request: 10_000 });
  expect(text.length).toBeLessThanOrEqual(bomb.length);
  expect(() => answerOf(z.object({}), text)).toThrow(UnexpectedAnswerError);
  expect(asked).toEqual([undefined]);
});

test('the waits that Azure asks for are read from whichever header has them, in milliseconds', () => {
  const rows: [number, Record<string, string>, number][] = [
    [200, {}, 0],
    [429, { 'retry-after': '7' }, 7000],
    [503, { 'retry-after': '2' }, 2000],
    [200, { 'retry-after': '7' }, 0],
    [429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    [429, { 'retry-after': '-1' }, 0],
    [
      429,
      {
        'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after': '30',
        'x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after': '12',
        'x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after': '0',
      },
      30_000,
    ],
    [200, { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:03' }, 3000],
    [200, { 'x-ms-user-quota-remaining': '1', 'x-ms-user-quota-resets-after': '00:00:03' }, 0],
    [429, { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '01:01:01' }, 3_661_000],
    [429, { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': 'soon' }, 0],
  ];
  for (const [status, headers, wait] of rows)
    expect(pauseOf({ status, headers, text: '' }), JSON.stringify(headers)).toBe(wait);
});
