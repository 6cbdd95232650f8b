import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaultKnobs } from '../../../../../lib/local/clouds/azure/knobs.ts';
import {
  EXAMPLE_PRINCIPAL,
  EXPIRED_PRINCIPAL,
  MAIN_PRINCIPAL,
  type SampleAzure,
  type SamplePrincipal,
  startSampleAzure,
} from '../../../../../lib/local/clouds/azure/sample-azure.ts';

/** The sample cloud refuses, pages and fails as Azure does, seen without any client of ours or of Azure's. */
let sample: SampleAzure;
beforeAll(async () => {
  sample = await startSampleAzure();
});
afterAll(() => sample?.close());
afterEach(() => sample.turn({ ...defaultKnobs }));

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: Readonly<Record<string, unknown>>;
}
function call(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; ca?: string } = {},
  to: SampleAzure = sample,
): Promise<Answer> {
  const { method = 'GET', headers = {}, body, ca = to.ca } = options;
  return new Promise((done, fail) => {
    const sent = request(`${to.secureUrl}${path}`, { method, headers, ca, agent: false }, (response) => {
      text(response)
        .then((said) => done({ status: response.statusCode ?? 0, headers: response.headers, json: JSON.parse(said) }))
        .catch(fail);
    });
    sent.once('error', fail);
    sent.end(body);
  });
}
const LOGIN = '/login.microsoftonline.com';
const ARM = '/management.azure.com';
const askToken = (principal: SamplePrincipal, change: Record<string, string> = {}, to?: SampleAzure) => {
  const form = {
    client_id: principal.clientId,
    client_secret: principal.clientSecret,
    grant_type: 'client_credentials',
    scope: 'https://management.azure.com/.default',
    ...change,
  };
  return call(
    `${LOGIN}/${principal.tenantId}/oauth2/v2.0/token`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    to,
  );
};
const tokenOf = async (principal = MAIN_PRINCIPAL, to?: SampleAzure): Promise<string> =>
  z.object({ access_token: z.string() }).parse((await askToken(principal, {}, to)).json).access_token;

const QUERY =
  'resources | project id, name, type, location, kind, sku, tags, zones, managedBy, identity, properties | order by id asc';
const query = (token: string, options: object = {}, change: object = {}) =>
  call(`${ARM}/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ subscriptions: [MAIN_PRINCIPAL.subscriptionId], query: QUERY, options, ...change }),
  });
const subscription = (token: string, id: string) =>
  call(`${ARM}/subscriptions/${id}?api-version=2022-12-01`, { headers: { authorization: `Bearer ${token}` } });

describe('Entra', () => {
  test('a good secret buys a bearer token for an hour', async () => {
    expect(await askToken(MAIN_PRINCIPAL)).toMatchObject({
      status: 200,
      json: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: expect.any(String) },
    });
  });

  test('each refusal has the status, the words and the fields that Entra documents', async () => {
    const rows: [SamplePrincipal, Record<string, string>, number, string, number][] = [
      [MAIN_PRINCIPAL, { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
      [EXPIRED_PRINCIPAL, {}, 401, 'invalid_client', 7000222],
      [MAIN_PRINCIPAL, { client_id: 'nobody' }, 400, 'unauthorized_client', 700016],
      [{ ...MAIN_PRINCIPAL, tenantId: 'nowhere' }, {}, 400, 'invalid_request', 90002],
      [MAIN_PRINCIPAL, { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
      [MAIN_PRINCIPAL, { scope: 'https://graph.microsoft.com/.default' }, 400, 'invalid_scope', 70011],
    ];
    for (const [principal, change, status, error, code] of rows) {
      const answer = await askToken(principal, change);
      expect(answer).toMatchObject({
        status,
        json: {
          error,
          error_codes: [code],
          error_description: expect.stringMatching(
            new RegExp(`^AADSTS${code}: .* Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: .*Z$`),
          ),
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
          trace_id: expect.any(String),
          correlation_id: expect.any(String),
          error_uri: `https://login.microsoftonline.com/error?code=${code}`,
        },
      });
    }
  });

  test('a request that is no form is refused, and so is another method', async () => {
    const path = `${LOGIN}/${MAIN_PRINCIPAL.tenantId}/oauth2/v2.0/token`;
    expect(await call(path, { method: 'POST', body: '{}' })).toMatchObject({ status: 400 });
    expect(await call(path)).toMatchObject({ status: 404 });
  });
});

describe('Azure Resource Manager', () => {
  test('wants a token, and one that was given out', async () => {
    const path = `${ARM}/subscriptions/${MAIN_PRINCIPAL.subscriptionId}?api-version=2022-12-01`;
    expect(await call(path)).toMatchObject({ status: 401, json: { error: { code: 'AuthenticationFailed' } } });
    expect(await subscription('made-up', MAIN_PRINCIPAL.subscriptionId)).toMatchObject({
      status: 401,
      json: { error: { code: 'InvalidAuthenticationToken' } },
    });
  });

  test('tells its own subscription, refuses that of another tenant and knows no other', async () => {
    const token = await tokenOf();
    expect(await subscription(token, MAIN_PRINCIPAL.subscriptionId)).toMatchObject({
      status: 200,
      json: { subscriptionId: MAIN_PRINCIPAL.subscriptionId, tenantId: MAIN_PRINCIPAL.tenantId, state: 'Enabled' },
    });
    expect(await subscription(token, EXAMPLE_PRINCIPAL.subscriptionId)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('error="invalid_token"') },
      json: { error: { code: 'InvalidAuthenticationTokenTenant' } },
    });
    expect(await subscription(token, '00000000-0000-0000-0000-0000000000ff')).toMatchObject({
      status: 404,
      json: { error: { code: 'SubscriptionNotFound' } },
    });
  });

  test('a role that is missing is a 403 that names the action', async () => {
    const token = await tokenOf();
    sample.turn({ roles: [] });
    const answer = await subscription(token, MAIN_PRINCIPAL.subscriptionId);
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'AuthorizationFailed' } } });
    expect(JSON.stringify(answer.json)).toContain("perform action 'Microsoft.Resources/subscriptions/read'");
  });

  test('a call, a version or a query that it does not know fails loudly and is kept', async () => {
    const token = await tokenOf();
    const headers = { authorization: `Bearer ${token}` };
    const before = sample.unknownCalls().length;
    expect(await call(`${ARM}/subscriptions?api-version=2022-12-01`, { headers })).toMatchObject({ status: 404 });
    const old = `${ARM}/subscriptions/${MAIN_PRINCIPAL.subscriptionId}?api-version=2014-04-01`;
    expect(await call(old, { headers })).toMatchObject({ json: { error: { code: 'InvalidApiVersionParameter' } } });
    expect(await query(token, {}, { query: 'resources | take 5' })).toMatchObject({
      status: 400,
      json: { error: { code: 'BadRequest', details: [{ code: 'InvalidQuery' }] } },
    });
    expect(await call('/graph.microsoft.com/v1.0/me', { headers })).toMatchObject({ status: 404 });
    expect(sample.unknownCalls()).toHaveLength(before + 4);
  });

  test('nobody trusts it who was not given its authority', async () => {
    await expect(call(`${LOGIN}/x`, { ca: '' })).rejects.toThrow(/certificate/);
  });
});

describe('Resource Graph', () => {
  test('pages of the size that is asked for, a thousand at most, lead to every row once, by id', async () => {
    const token = await tokenOf();
    const ids: string[] = [];
    let skip: string | undefined;
    const shape = z.object({ data: z.array(z.object({ id: z.string() })), $skipToken: z.string().optional() });
    do {
      const { json } = await query(token, { $top: 150, ...(skip === undefined ? {} : { $skipToken: skip }) });
      const page = shape.parse(json);
      ids.push(...page.data.map(({ id }) => id));
      skip = page.$skipToken;
    } while (skip !== undefined);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    const held = Object.entries(sample.held()).filter(([type]) => !/resource_group|subscription/.test(type));
    expect(ids).toHaveLength(held.flatMap(([, found]) => found).length);
    expect(await query(token, { $top: 1001 })).toMatchObject({ status: 400, json: { error: { code: 'BadRequest' } } });
    expect(await query(token, { $skipToken: 'bWFkZSB1cA==' })).toMatchObject({ status: 400 });
  });

  test("another tenant's subscription is not eligible", async () => {
    const token = await tokenOf(EXAMPLE_PRINCIPAL);
    expect(await query(token)).toMatchObject({
      status: 400,
      json: { error: { details: [{ code: 'NoValidSubscriptionsInQueryRequest' }] } },
    });
  });

  test('counts queries in windows of five seconds, says what is left, and throttles the sixteenth', async () => {
    const token = await tokenOf();
    sample.turn({ buckets: 'documented' });
    const answers: Answer[] = [];
    for (let n = 0; n < 16; n += 1) answers.push(await query(token, { $top: 1 }));
    expect(answers.map(({ headers }) => headers['x-ms-user-quota-remaining'])).toEqual([
      ...Array.from({ length: 15 }, (_, n) => String(14 - n)),
      '0',
    ]);
    expect(answers[0]?.headers['x-ms-user-quota-resets-after']).toMatch(/^00:00:0[1-5]$/);
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 15 }, () => 200), 429]);
    expect(answers[15]?.json).toMatchObject({ error: { code: 'RateLimiting', details: [{ code: 'RateLimiting' }] } });
  });
});

describe('the sample itself', () => {
  test('the same seed makes the same subscription, the other principal has another, and size makes it larger', async () => {
    const again = await startSampleAzure();
    expect(again.held()).toEqual(sample.held());
    expect(again.costs('2026-01-01', '2026-01-05')).toEqual(sample.costs('2026-01-01', '2026-01-05'));
    again.turn({ size: 3 });
    expect(again.held().azure_disk).toHaveLength((sample.held().azure_disk?.length ?? 0) * 3 - 6);
    await again.close();
  });

  test('its authority is kept where it is told to, so that who trusted it yesterday does so today', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sample-azure-'));
    const first = await startSampleAzure({ directory });
    await first.close();
    const second = await startSampleAzure({ directory });
    expect(second.ca).toBe(first.ca);
    expect(await tokenOf(MAIN_PRINCIPAL, second)).toEqual(expect.any(String));
    await second.close();
    rmSync(directory, { recursive: true });
  });

  test('knobs and calls are there over plain HTTP, and a knob that it does not have is refused', async () => {
    const turn = (body: object) => fetch(`${sample.url}/_sample/knobs`, { method: 'POST', body: JSON.stringify(body) });
    expect((await turn({ latencyMs: 1 })).status).toBe(200);
    expect(await (await fetch(`${sample.url}/_sample/knobs`)).json()).toMatchObject({ latencyMs: 1, size: 1 });
    expect((await turn({ regions: ['x'] })).status).toBe(400);
    expect(() => sample.turn({ regions: ['x'] })).toThrow();
    sample.resetCalls();
    await askToken(MAIN_PRINCIPAL);
    expect(await (await fetch(`${sample.url}/_sample/calls`)).json()).toEqual([
      { service: 'login', operation: 'token', region: MAIN_PRINCIPAL.tenantId, outcome: 'ok' },
    ]);
    expect((await fetch(`${sample.url}/elsewhere`)).status).toBe(404);
  });
});
