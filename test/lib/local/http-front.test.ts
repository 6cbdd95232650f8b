import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTwin, type Twin } from '../../../lib/local/twin.ts';
import { rawPost, send } from './fixtures/gateway.ts';
import { stateDirectory } from './fixtures/state.ts';
import { lambda, route, template } from './fixtures/template.ts';

// Workers are started for real, which takes longer on a machine that is busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let twin: Twin;
const clean: (() => void)[] = [];
beforeAll(async () => {
  twin = await startTwin({
    directory: stateDirectory((each) => clean.push(each)),
    port: 0,
    tick: false,
    template: template({
      Echo: lambda('echo'),
      Answer: lambda('answer'),
      Fail: lambda('fail'),
      Hang: lambda('hang'),
      ...route('GET /things/{id}', 'Echo'),
      ...route('POST /things', 'Echo'),
      ...route('POST /answer', 'Answer'),
      ...route('GET /fail', 'Fail'),
      ...route('GET /hang', 'Hang', 50),
    }),
  });
});
afterAll(async () => {
  await twin.stop();
  for (const each of clean) each();
});

test.each([
  [{ statusCode: 201, headers: { 'X-One': 1 }, body: 'made', cookies: ['a=1', 'b=2'] }, 201, 'made'],
  [{ statusCode: 200, body: Buffer.from('bytes').toString('base64'), isBase64Encoded: true }, 200, 'bytes'],
  [{ statusCode: 204 }, 204, ''],
  [{ plain: 'object' }, 200, '{"plain":"object"}'],
  [['a list'], 200, '["a list"]'],
  [{ statusCode: 'odd' }, 500, '{"message":"Internal Server Error"}'],
  [{ statusCode: 200, body: { not: 'text' } }, 500, '{"message":"Internal Server Error"}'],
])('the answer %j becomes HTTP', async (answer, status, text) => {
  const body = JSON.stringify(answer);
  const sent = await send(twin.url, '/answer', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(sent).toMatchObject({ status, text });
  if (status === 201)
    expect(sent.headers).toMatchObject({
      'x-one': '1',
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'text/plain;charset=UTF-8',
    });
});

test('a function that fails is a 500 of the gateway', async () => {
  expect(await send(twin.url, '/fail')).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
});

test('a function that outlasts the integration is a 503 of the gateway', async () => {
  expect(await send(twin.url, '/hang')).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
});

test('throttles hold only where they are asked for', async () => {
  const Stage = {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: {
      StageName: '$default',
      // So slow that nothing comes back while the test runs.
      RouteSettings: { 'GET /echo': { ThrottlingRateLimit: 0.0001, ThrottlingBurstLimit: 1 } },
    },
  };
  const stack = template({ Stage, Echo: lambda('echo'), ...route('GET /echo', 'Echo') });
  for (const throttle of [true, false]) {
    const other = await startTwin({ directory: stateDirectory(), port: 0, tick: false, throttle, template: stack });
    const first = await fetch(`${other.url}/echo`);
    const second = await fetch(`${other.url}/echo`);
    await other.stop();
    expect([first.status, second.status]).toEqual([200, throttle ? 429 : 200]);
  }
});

test('pages of an allowed origin get the headers of the gateway, and their preflights reach no function', async () => {
  const CorsConfiguration = {
    AllowOrigins: ['https://app.example'],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['authorization'],
    ExposeHeaders: ['link'],
    MaxAge: 600,
  };
  const Api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', CorsConfiguration } };
  const stack = template({ Api, Echo: lambda('echo'), ...route('$default', 'Echo') });
  const other = await startTwin({ directory: stateDirectory(), port: 0, tick: false, template: stack });
  const ask = {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  };
  expect(await send(other.url, '/things', ask)).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '600',
    },
  });
  expect(other.invocations().echo?.started).toBe(0);
  const allowed = await send(other.url, '/things', { headers: { origin: 'https://app.example' } });
  expect(allowed.headers).toMatchObject({ 'access-control-expose-headers': 'link' });
  const foreign = await send(other.url, '/things', { headers: { origin: 'https://other.example' } });
  expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
  await other.stop();
});

test('request line and header values beyond 10,240 bytes are refused before any function runs', async () => {
  const before = twin.invocations().echo?.started;
  expect(await send(twin.url, '/things/1', { headers: { 'x-long': 'x'.repeat(10_240) } })).toMatchObject({
    status: 431,
  });
  expect(await send(twin.url, `/things/${'x'.repeat(10_240)}`)).toMatchObject({ status: 431 });
  expect(twin.invocations().echo?.started).toBe(before);
  expect(await send(twin.url, '/things/1', { headers: { 'x-long': 'x'.repeat(10_000) } })).toMatchObject({
    status: 200,
  });
});

test('a body beyond 10 MB is refused by the gateway, also one that does not say how long it is', async () => {
  const body = Buffer.alloc(10 * 1024 * 1024 + 1, 120);
  const refused = { status: 413, text: '{"message":"Request Entity Too Large"}' };
  expect(await rawPost(twin.url, `content-length: ${body.length}`, Buffer.alloc(0))).toMatchObject(refused);
  const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body]);
  expect(await rawPost(twin.url, 'transfer-encoding: chunked', chunk)).toMatchObject(refused);
});

/** A client that goes on reading while its body is refused, which Node's own does not. */
