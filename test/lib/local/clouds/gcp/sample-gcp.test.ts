import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EXAMPLE_PROJECT, MAIN_PROJECT, OUTSIDER } from '../../../../../lib/local/clouds/gcp/accounts.ts';
import { evaluate, numericText, toNumeric } from '../../../../../lib/local/clouds/gcp/billing/query.ts';
import { defaultKnobs } from '../../../../../lib/local/clouds/gcp/knobs.ts';
import { type SampleGcp, startSampleGcp } from '../../../../../lib/local/clouds/gcp/sample-gcp.ts';

/** The sample cloud refuses, pages and fails as Google's does. */
let sample: SampleGcp;
beforeAll(async () => {
  sample = await startSampleGcp();
});
afterAll(() => sample?.close());
afterEach(() => sample.turn(defaultKnobs));

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const now = () => Math.floor(Date.now() / 1000);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function assertion(key: KeyObject, claims: object = {}, header: object = { alg: 'RS256' }): string {
  const said = { iss: MAIN_PROJECT.clientEmail, aud: AUDIENCE, scope: SCOPE, iat: now(), exp: now() + 3600, ...claims };
  const text = `${part(header)}.${part(said)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
async function ask(body: Record<string, string>) {
  const answer = await fetch(`${sample.url}/oauth2.googleapis.com/token`, {
    method: 'POST',
    body: new URLSearchParams(body),
  });
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
}
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const token = async (text = assertion(MAIN_PROJECT.key)): Promise<string> =>
  z.object({ access_token: z.string() }).parse((await ask({ grant_type: GRANT, assertion: text })).body).access_token;
async function get(path: string, authorization?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await fetch(`${sample.url}/${path}`, { headers });
  return { status: answer.status, body: z.record(z.string(), z.any()).parse(await answer.json()) };
}
const PROJECT = 'cloudresourcemanager.googleapis.com/v3/projects/sample-project-1';
const ASSETS = 'cloudasset.googleapis.com/v1/projects/sample-project-1/assets';

describe('who may have a token', () => {
  test('whoever signs with the account’s key', async () => {
    const answer = await ask({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key) });
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } });
  });

  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const refusals: [string, () => Record<string, string>, string, RegExp][] = [
    [
      'another key',
      () => ({ grant_type: GRANT, assertion: assertion(other) }),
      'invalid_grant',
      /Invalid JWT Signature/,
    ],
    [
      'another account’s key',
      () => ({ grant_type: GRANT, assertion: assertion(EXAMPLE_PROJECT.key) }),
      'invalid_grant',
      /Invalid JWT Signature/,
    ],
    [
      'an unknown account',
      () => ({ grant_type: GRANT, assertion: assertion(other, { iss: 'x@y.iam.gserviceaccount.com' }) }),
      'invalid_grant',
      /account not found/,
    ],
    [
      'another audience',
      () => ({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key, { aud: 'https://evil.example' }) }),
      'invalid_grant',
      /audience/,
    ],
    [
      'an assertion of yesterday',
      () => ({
        grant_type: GRANT,
        assertion: assertion(MAIN_PROJECT.key, { iat: now() - 90_000, exp: now() - 86_400 }),
      }),
      'invalid_grant',
      /reasonable timeframe/,
    ],
    [
      'an assertion of tomorrow',
      () => ({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key, { iat: now() + 7200, exp: now() + 10_000 }) }),
      'invalid_grant',
      /reasonable timeframe/,
    ],
    [
      'an assertion for two hours',
      () => ({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key, { exp: now() + 7200 }) }),
      'invalid_grant',
      /reasonable timeframe/,
    ],
    [
      'no scope',
      () => ({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key, { scope: undefined }) }),
      'invalid_scope',
      /scope/,
    ],
    [
      'a narrower scope',
      () => ({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key, { scope: 'email' }) }),
      'invalid_scope',
      /scope/,
    ],
    [
      'no algorithm',
      () => ({ grant_type: GRANT, assertion: assertion(MAIN_PROJECT.key, {}, { alg: 'none' }) }),
      'invalid_request',
      /Bad Request/,
    ],
    ['no assertion', () => ({ grant_type: GRANT }), 'invalid_request', /Bad Request/],
    [
      'another grant',
      () => ({ grant_type: 'refresh_token', assertion: assertion(MAIN_PROJECT.key) }),
      'unsupported_grant_type',
      /grant_type/,
    ],
  ];
  for (const [what, form, error, text] of refusals) {
    test(`${what} is refused with ${error}`, async () => {
      const { status, body } = await ask(form());
      expect([status, body.error]).toEqual([400, error]);
      expect(body.error_description).toMatch(text);
    });
  }
});

describe('who may call', () => {
  test('nobody without a token of ours', async () => {
    for (const authorization of [undefined, 'Bearer made-up', `Basic ${await token()}`, await token()]) {
      expect(await get(PROJECT, authorization)).toMatchObject({
        status: 401,
        body: { error: { status: 'UNAUTHENTICATED' } },
      });
    }
    const good = `Bearer ${await token()}`;
    expect((await get(PROJECT, good)).status).toBe(200);
    sample.revokeTokens();
    expect((await get(PROJECT, good)).status).toBe(401);
  });

  test('each account its own project, and another project reads as none', async () => {
    const outsider = `Bearer ${await token(assertion(OUTSIDER.key, { iss: OUTSIDER.clientEmail }))}`;
    const there = await get(PROJECT, outsider);
    expect(there).toMatchObject({
      status: 403,
      body: {
        error: {
          status: 'PERMISSION_DENIED',
          details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission: 'resourcemanager.projects.get' } }],
        },
      },
    });
    const nowhere = await get(PROJECT.replace('sample-project-1', 'no-such-project'), outsider);
    expect(JSON.stringify(nowhere)).toBe(JSON.stringify(there).replaceAll('sample-project-1', 'no-such-project'));
  });
});

describe('pages', () => {
  test('hold at most a thousand assets, a hundred unasked, and no data unless asked', async () => {
    sample.turn({ size: 6 });
    const authorization = `Bearer ${await token()}`;
    expect((await get(`${ASSETS}?pageSize=1000`, authorization)).body.assets).toHaveLength(1000);
    const bare = await get(ASSETS, authorization);
    expect(bare.body.assets).toHaveLength(100);
    expect(bare.body.assets[0].resource).toBeUndefined();
    for (const query of ['pageSize=1001', 'pageSize=-1', 'pageSize=x', 'pageToken=made-up', 'contentType=SECRETS']) {
      expect(await get(`${ASSETS}?${query}`, authorization)).toMatchObject({
        status: 400,
        body: { error: { status: 'INVALID_ARGUMENT' } },
      });
    }
  });
});

describe('refusals by knobs', () => {
  const cases: [string, object, number, object][] = [
    [
      'deny',
      { deny: [{ service: 'cloudasset' }] },
      403,
      {
        status: 'PERMISSION_DENIED',
        details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission: 'cloudasset.assets.listResource' } }],
      },
    ],
    [
      'disabledServices',
      { disabledServices: ['cloudasset'] },
      403,
      {
        status: 'PERMISSION_DENIED',
        details: [
          {
            reason: 'SERVICE_DISABLED',
            metadata: { service: 'cloudasset.googleapis.com', consumer: 'projects/100000000001' },
          },
        ],
      },
    ],
    [
      'throttle',
      { throttle: [{ service: 'cloudasset' }] },
      429,
      { status: 'RESOURCE_EXHAUSTED', details: [{ reason: 'RATE_LIMIT_EXCEEDED' }] },
    ],
    ['down', { down: [{ operation: 'assets.list' }] }, 503, { status: 'UNAVAILABLE' }],
  ];
  for (const [what, knob, status, error] of cases) {
    test(`${what} answers ${status} in Google's form, there alone`, async () => {
      sample.turn({ ...knob });
      const authorization = `Bearer ${await token()}`;
      expect(await get(ASSETS, authorization)).toMatchObject({ status, body: { error: { code: status, ...error } } });
      expect((await get(PROJECT, authorization)).status).toBe(200);
    });
  }

  test('the older APIs answer in the older form', async () => {
    const authorization = `Bearer ${await token()}`;
    const buckets = 'storage.googleapis.com/storage/v1/b?project=sample-project-1';
    sample.turn({ deny: [{ service: 'storage' }] });
    expect((await get(buckets, authorization)).body.error.errors[0].reason).toBe('forbidden');
    sample.turn({ deny: [], disabledServices: ['storage'] });
    expect((await get(buckets, authorization)).body.error.errors[0].reason).toBe('accessNotConfigured');
    sample.turn({ disabledServices: [], throttle: [{ service: 'storage', first: 1 }] });
    expect(await get(buckets, authorization)).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: 'rateLimitExceeded' }] } },
    });
    expect((await get(buckets, authorization)).status).toBe(200);
  });

  test('the documented quota is a hundred lists a minute', async () => {
    sample.turn({ buckets: 'documented' });
    const authorization = `Bearer ${await token()}`;
    const answers = [];
    for (let n = 0; n < 103; n += 1) answers.push((await get(`${ASSETS}?pageSize=1`, authorization)).status);
    expect(answers.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(answers.at(-1)).toBe(429);
  });

  test('are turned over HTTP too, a knob that it does not have is refused, and calls are told', async () => {
    const turn = (body: string) => fetch(`${sample.url}/_sample/knobs`, { method: 'POST', body });
    expect((await turn('{"disabledServices":["cloudasset"]}')).status).toBe(200);
    expect((await turn('{"nothing":1}')).status).toBe(400);
    expect(() => sample.turn({ regions: [] })).toThrow();
    sample.resetCalls();
    await get(ASSETS, `Bearer ${await token()}`);
    expect(await (await fetch(`${sample.url}/_sample/calls`)).json()).toEqual([
      { service: 'oauth2', operation: 'token', region: 'project', outcome: 'ok' },
      { service: 'cloudasset', operation: 'assets.list', region: 'project', outcome: 'SERVICE_DISABLED' },
    ]);
  });
});

test('a call that it does not know is answered loudly and kept', async () => {
  const own = await startSampleGcp();
  for (const path of ['cloudasset.googleapis.com/v1/projects/sample-project-1:searchAllResources', 'evil.example/']) {
    expect((await fetch(`${own.url}/${path}`)).status).toBe(404);
  }
  expect(own.unknownCalls()).toEqual([
    'GET cloudasset.googleapis.com/v1/projects/sample-project-1:searchAllResources',
    'GET evil.example/',
  ]);
  await own.close();
});

test('keys and inventory are the same after every start', async () => {
  const again = await startSampleGcp();
  expect(again.bodies).toEqual(sample.bodies);
  expect(again.held()).toEqual(sample.held());
  await again.close();
  const print = createHash('sha256')
    .update(sample.bodies.main.serviceAccountJson ?? '')
    .digest('hex');
  expect(print).toMatch(/^[0-9a-f]{64}$/);
  const sizes = Object.values(sample.held()).reduce((sum, ids) => sum + ids.length, 0);
  expect(sizes).toBeGreaterThan(300);
});

describe('its BigQuery', () => {
  test('counts in NUMERIC: nine decimals, half away from zero, and no zeros at the end', () => {
    const text = (value: number) => numericText(toNumeric(value));
    expect([0.1, -0.1, 0, 12, 1e-10, 0.123456789, -5.5].map(text)).toEqual([
      '0.1',
      '-0.1',
      '0',
      '12',
      '0',
      '0.123456789',
      '-5.5',
    ]);
    expect(numericText(toNumeric(0.1) + toNumeric(0.2))).toBe('0.3');
  });

  test('evaluates the query on rows as it is written', () => {
    const row = { service: 'S', currency: 'USD', invoice_month: '202611', cost_type: 'regular' } as const;
    const at = (text: string) => ({ usage_start_time: new Date(text), export_time: new Date(text) });
    const rows = [
      { ...row, ...at('2026-11-02T08:00:00Z'), project: 'p', region: 'r', cost: 1.5, credits: [-0.5, -0.25] },
      { ...row, ...at('2026-11-02T07:59:59Z'), project: 'p', region: null, cost: 2, credits: [] },
      { ...row, ...at('2026-11-02T12:00:00Z'), project: 'q', region: 'r', cost: 4, credits: [] },
      { ...row, ...at('2026-11-03T08:00:00Z'), project: 'p', region: 'r', cost: 8, credits: [] },
    ];
    expect(evaluate(rows, 'p', '2026-11-01', '2026-11-03')).toEqual([
      ['2026-11-01', 'S', 'global', 'USD', '202611', '2', '0'],
      ['2026-11-02', 'S', 'r', 'USD', '202611', '0.75', '-0.75'],
    ]);
  });

  test('takes no other query', async () => {
    const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
    const own = (query: string) => ({
      jobReference: { projectId: 'sample-project-1', jobId: 'job-1' },
      configuration: {
        query: { query, useLegacySql: false, parameterMode: 'named', queryParameters: [], maximumBytesBilled: '1' },
      },
    });
    const body = JSON.stringify(own('SELECT 1'));
    const url = `${sample.url}/bigquery.googleapis.com/bigquery/v2/projects/sample-project-1/jobs`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { errors: [{ reason: 'invalidQuery' }] } });
    expect(sample.unknownCalls().join()).toContain('SELECT 1');
  });
});
