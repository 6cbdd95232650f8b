import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTwin, type Twin } from '../../../lib/local/twin.ts';
import { eventOf, send } from './fixtures/gateway.ts';
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
      ...route('GET /things/{id}', 'Echo'),
      ...route('GET /things/special', 'Echo'),
      ...route('GET /things/{id}/parts/{part_id}', 'Echo'),
      ...route('POST /things', 'Echo'),
      ...route('$default', 'Echo'),
    }),
  });
});
afterAll(async () => {
  await twin.stop();
  for (const each of clean) each();
});

test('a request becomes the event that AWS documents for payload format 2.0', async () => {
  const event = await eventOf(twin.url, '/things/1?parameter1=value1&parameter1=value2&parameter2=value', {
    headers: { Header1: 'value1', Header2: ['value1', 'value2'], Cookie: 'cookie1; cookie2', 'User-Agent': 'agent' },
  });
  const { host } = new URL(twin.url);
  expect(event).toEqual({
    version: '2.0',
    routeKey: 'GET /things/{id}',
    rawPath: '/things/1',
    rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
    cookies: ['cookie1', 'cookie2'],
    headers: {
      header1: 'value1',
      header2: 'value1,value2',
      'user-agent': 'agent',
      host,
      connection: 'keep-alive',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': new URL(twin.url).port,
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: { method: 'GET', path: '/things/1', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'agent' },
      requestId: expect.any(String),
      routeKey: 'GET /things/{id}',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    pathParameters: { id: '1' },
    isBase64Encoded: false,
  });
});

test.each([
  ['/things/special', 'GET /things/special', undefined],
  ['/things/a%2520b', 'GET /things/{id}', { id: 'a%20b' }],
  ['/things/a%3Fb?c=d', 'GET /things/{id}', { id: 'a' }],
  ['/things/1/parts/2', 'GET /things/{id}/parts/{part_id}', { id: '1', part_id: '2' }],
  ['/things/1%2Fparts%2F2', 'GET /things/{id}/parts/{part_id}', { id: '1', part_id: '2' }],
  ['/things/%C3%A4', 'GET /things/{id}', { id: 'ä' }],
  ['/things/', '$default', undefined],
  ['/things/1/', '$default', undefined],
  ['/', '$default', undefined],
])('the path %s is decoded once and goes to %s', async (path, routeKey, parameters) => {
  const event = await eventOf(twin.url, path);
  expect([event.routeKey, event.pathParameters]).toEqual([routeKey, parameters]);
});

test('a path that cannot be decoded is refused by the gateway', async () => {
  expect(await send(twin.url, '/things/%zz')).toMatchObject({ status: 400, text: '{"message":"Bad Request"}' });
});

test('a known path with another method goes to the default route', async () => {
  expect(await eventOf(twin.url, '/things/1', { method: 'DELETE' })).toMatchObject({ routeKey: '$default' });
});

test.each([
  ['application/json; charset=utf-8', '{"ü":1}', false],
  ['text/plain', 'plain', false],
  ['application/x-www-form-urlencoded', 'a=b', true],
  ['application/octet-stream', '\u0000', true],
])('a body of type %s arrives as it does behind the gateway', async (type, body, encoded) => {
  const event = await eventOf(twin.url, '/things', { method: 'POST', headers: { 'content-type': type }, body });
  expect(event.isBase64Encoded).toBe(encoded);
  expect(event.body).toBe(encoded ? Buffer.from(body).toString('base64') : body);
});

test('no body is no field', async () => {
  const event = await eventOf(twin.url, '/things', { method: 'POST', headers: { 'content-type': 'application/json' } });
  expect(event).not.toHaveProperty('body');
});
