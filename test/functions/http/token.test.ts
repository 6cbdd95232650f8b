import { createServer, type Server } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { environmentOf } from '../../../functions/runtime/settings.ts';

/** Tokens by JWKS, checked by the real `endpoint()` of a route made for this test; only the JWKS is served by us. */
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'infraaudit';
const now = (): number => Math.floor(Date.now() / 1000);
const good = (): JWTPayload => ({ iss: ISSUER, aud: AUDIENCE, sub: 'acme', iat: now(), exp: now() + 600 });

let server: Server;
let jwksUrl: string;
let fetches = 0;
let served: () => { status: number; body: string };
const ec = await generateKeyPair('ES256', { extractable: true });
const rsa = await generateKeyPair('RS256', { extractable: true });
const p384 = await generateKeyPair('ES384', { extractable: true });
const stranger = await generateKeyPair('ES256', { extractable: true });
const publicKeys = async (): Promise<string> =>
  JSON.stringify({
    keys: [
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256', use: 'sig' },
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
    ],
  });
const jwks = await publicKeys();
const pem = await exportSPKI(rsa.publicKey);

beforeAll(async () => {
  server = createServer((_, response) => {
    fetches += 1;
    const { status, body } = served();
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  jwksUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/jwks`;
});
afterAll(() => server.close());

type Settings = { tenantClaim?: string; roleClaim?: string; defaultRole?: 'admin' | 'viewer' };

/** A handler in a fresh execution environment: keys are cached for as long as one lives. */
async function newEnvironment(settings: Settings = {}, role: 'viewer' | 'admin' = 'viewer') {
  Object.assign(
    process.env,
    environmentOf('tokens', {
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUrl,
      tenantClaim: 'sub',
      roleClaim: 'infraaudit_role',
      defaultRole: 'admin',
      ...settings,
    }),
  );
  vi.resetModules();
  const { endpoint } = await import('../../../functions/http/endpoint.ts');
  const route = {
    method: 'GET',
    path: '/who',
    file: 'who',
    needs: ['checkTokens'],
    role,
    params: z.object({}),
    query: z.object({}),
    status: 200,
    answer: z.object({ tenant: z.string(), actor: z.string(), role: z.string(), tenantHash: z.string() }),
    timeoutSeconds: 1,
  } as const;
  const handler = endpoint(route, {}, async ({ caller }) => ({ body: caller }));
  return async (headers: Record<string, string>, rawQueryString = '') => {
    const answer = await handler(eventWith(headers, rawQueryString), context);
    const text = answer.body ?? '';
    return { status: answer.statusCode, json: z.record(z.string(), z.unknown()).parse(JSON.parse(text)), text };
  };
}

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'who',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:who',
  memoryLimitInMB: '128',
  awsRequestId: 'r',
  logGroupName: 'g',
  logStreamName: 's',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

function eventWith(headers: Record<string, string>, rawQueryString: string): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: 'GET /who',
    rawPath: '/who',
    rawQueryString,
    headers,
    isBase64Encoded: false,
    requestContext: {
      accountId: '111122223333',
      apiId: 'a',
      domainName: 'd',
      domainPrefix: 'd',
      http: { method: 'GET', path: '/who', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'r',
      routeKey: 'GET /who',
      stage: '$default',
      time: '',
      timeEpoch: Date.now(),
    },
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signed = (payload: JWTPayload, kid: string | undefined = 'ec', header: object = {}) =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', ...(kid === undefined ? {} : { kid }), ...header })
    .sign(ec.privateKey);
const signedText = (payload: string) =>
  new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'ES256', kid: 'ec' })
    .sign(ec.privateKey);

beforeEach(() => {
  served = () => ({ status: 200, body: jwks });
  fetches = 0;
});

describe('a token that holds', () => {
  test('ES256 and RS256 by JWKS name tenant, actor and role', async () => {
    const call = await newEnvironment();
    const rs = await new SignJWT({ ...good(), infraaudit_role: 'viewer' })
      .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
      .sign(rsa.privateKey);
    expect(await call(bearer(await signed(good())))).toMatchObject({
      status: 200,
      json: { tenant: 'acme', actor: 'acme', role: 'admin' },
    });
    expect(await call(bearer(rs))).toMatchObject({ status: 200, json: { role: 'viewer' } });
    expect(fetches).toBe(1);
  });

  test('the tenant comes from the claim that the deployment names, also from a dotted one', async () => {
    const call = await newEnvironment({ tenantClaim: 'org.id' });
    const token = await signed({ ...good(), org: { id: 'acme#P#1' } });
    expect(await call(bearer(token))).toMatchObject({ status: 200, json: { tenant: 'acme#P#1', actor: 'acme' } });
    expect(await call(bearer(await signed(good())))).toMatchObject({ status: 401 });
  });

  test("an issuer's own `role` claim is not read", async () => {
    const call = await newEnvironment({}, 'admin');
    expect(await call(bearer(await signed({ ...good(), role: 'authenticated' })))).toMatchObject({
      status: 200,
      json: { role: 'admin' },
    });
  });

  test('clocks may differ by less than a minute', async () => {
    const call = await newEnvironment();
    expect(await call(bearer(await signed({ ...good(), nbf: now() + 30 })))).toMatchObject({ status: 200 });
    expect(await call(bearer(await signed({ ...good(), exp: now() - 30 })))).toMatchObject({ status: 200 });
  });
});

describe('a token that does not hold is a 401', () => {
  const rows: Record<string, () => Promise<Record<string, string>> | Record<string, string>> = {
    'no header': () => ({}),
    'Bearer alone': () => ({ authorization: 'Bearer' }),
    'Bearer and a space': () => ({ authorization: 'Bearer ' }),
    Basic: () => ({ authorization: 'Basic YTpi' }),
    'not a token': () => bearer('x.y.z'),
    'two tokens': async () => ({ authorization: `Bearer ${await signed(good())}, Bearer ${await signed(good())}` }),
    'alg none': () => bearer(new UnsecuredJWT(good()).encode()),
    "HS256 signed with the public key's PEM": async () =>
      bearer(
        await new SignJWT(good()).setProtectedHeader({ alg: 'HS256', kid: 'rsa' }).sign(new TextEncoder().encode(pem)),
      ),
    'HS256 with a key of zeros while no secret is set': async () =>
      bearer(await new SignJWT(good()).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))),
    'ES384, which is not among the algorithms': async () =>
      bearer(await new SignJWT(good()).setProtectedHeader({ alg: 'ES384', kid: 'ec' }).sign(p384.privateKey)),
    "somebody else's key under our kid": async () =>
      bearer(await new SignJWT(good()).setProtectedHeader({ alg: 'ES256', kid: 'ec' }).sign(stranger.privateKey)),
    expired: async () => bearer(await signed({ ...good(), exp: now() - 120 })),
    'not yet valid': async () => bearer(await signed({ ...good(), nbf: now() + 120 })),
    'no exp': async () => bearer(await signed({ iss: ISSUER, aud: AUDIENCE, sub: 'acme' })),
    'exp that is no number': async () => bearer(await signedText(JSON.stringify({ ...good(), exp: '9999999999' }))),
    'a payload that is no object': async () => bearer(await signedText('[]')),
    'a payload that is no JSON': async () => bearer(await signedText('{')),
    'wrong issuer': async () => bearer(await signed({ ...good(), iss: `${ISSUER}.evil` })),
    'no issuer': async () => bearer(await signed({ aud: AUDIENCE, sub: 'acme', exp: now() + 60 })),
    'wrong audience': async () => bearer(await signed({ ...good(), aud: 'other' })),
    'no audience': async () => bearer(await signed({ iss: ISSUER, sub: 'acme', exp: now() + 60 })),
    'no sub': async () => bearer(await signed({ iss: ISSUER, aud: AUDIENCE, exp: now() + 60 })),
    'empty sub': async () => bearer(await signed({ ...good(), sub: '' })),
    'a sub of 4 KB': async () => bearer(await signed({ ...good(), sub: 'x'.repeat(4096) })),
    'a jku header': async () => bearer(await signed(good(), 'ec', { jku: 'https://evil.example/jwks' })),
    'a jwk header': async () => bearer(await signed(good(), 'ec', { jwk: await exportJWK(ec.publicKey) })),
    'an x5u header': async () => bearer(await signed(good(), 'ec', { x5u: 'https://evil.example/cert' })),
    'a critical header nobody knows': async () => {
      const [, payload, signature] = (await signed(good())).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'ec', crit: ['x'], x: 1 })).toString('base64url');
      return bearer(`${header}.${payload}.${signature}`);
    },
  };
  for (const [name, headers] of Object.entries(rows)) {
    test(name, async () => {
      const call = await newEnvironment();
      expect(await call(await headers())).toMatchObject({
        status: 401,
        json: { error: 'A valid bearer token is required.', code: 'UNAUTHORIZED' },
      });
    });
  }

  test('a sub that is a number', async () => {
    const call = await newEnvironment();
    const payload = Object.defineProperty(good(), 'sub', { value: 7, enumerable: true });
    expect(await call(bearer(await signed(payload)))).toMatchObject({ status: 401 });
  });

  test('a token in the query string is not looked at', async () => {
    const call = await newEnvironment();
    expect(await call({}, `access_token=${await signed(good())}`)).toMatchObject({ status: 401 });
  });

  test('no kid with several keys that would fit', async () => {
    const second = await generateKeyPair('ES256', { extractable: true });
    const keys = [ec, second].map(async (pair, n) => ({ ...(await exportJWK(pair.publicKey)), kid: `k${n}` }));
    const body = JSON.stringify({ keys: await Promise.all(keys) });
    served = () => ({ status: 200, body });
    const call = await newEnvironment();
    const token = await new SignJWT(good()).setProtectedHeader({ alg: 'ES256' }).sign(ec.privateKey);
    expect(await call(bearer(token))).toMatchObject({ status: 401 });
  });

  test('an unknown kid, 1,000 times, fetches the keys once', async () => {
    const call = await newEnvironment();
    const token = await signed(good(), 'unknown');
    for (let n = 0; n < 1000; n += 1) expect((await call(bearer(token))).status).toBe(401);
    expect(fetches).toBe(1);
  });

  test('a key that was rotated out, once its cache time is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const call = await newEnvironment();
      expect((await call(bearer(await signed(good())))).status).toBe(200);
      const left = JSON.stringify({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'rsa' }] });
      served = () => ({ status: 200, body: left });
      vi.setSystemTime(Date.now() + 601_000);
      expect((await call(bearer(await signed(good())))).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a token that held is not looked at again at once', () => {
  const later = async (seconds: number, payload: JWTPayload, changed: () => Promise<void> = async () => undefined) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const call = await newEnvironment();
      const token = await signed(payload);
      expect((await call(bearer(token))).status).toBe(200);
      await changed();
      vi.setSystemTime(Date.now() + seconds * 1000);
      return (await call(bearer(token))).status;
    } finally {
      vi.useRealTimers();
    }
  };
  const rotate = async () => {
    const left = JSON.stringify({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'rsa' }] });
    served = () => ({ status: 200, body: left });
  };

  test('but one that has expired since is refused, within the minute too', async () => {
    expect(await later(50, { ...good(), exp: now() - 15 })).toBe(401);
    expect(await later(40, { ...good(), exp: now() - 15 })).toBe(200);
  });

  test('and one whose key was rotated out no longer than any other', async () => {
    expect(await later(601, { ...good(), exp: now() + 3600 }, rotate)).toBe(401);
  });

  test('another token with the same signature or the same claims is another token', async () => {
    const call = await newEnvironment();
    const [header, payload, signature] = (await signed(good())).split('.');
    expect((await call(bearer(`${header}.${payload}.${signature}`))).status).toBe(200);
    const claims = Buffer.from(JSON.stringify({ ...good(), sub: 'other' })).toString('base64url');
    expect((await call(bearer(`${header}.${claims}.${signature}`))).status).toBe(401);
    expect((await call(bearer(`${header}.${payload}.${signature?.slice(0, -4)}AAAA`))).status).toBe(401);
  });
});

describe('keys that are not to be had', () => {
  for (const [name, answer] of Object.entries({
    'a 500': { status: 500, body: '' },
    'a redirect': { status: 302, body: '' },
    'not JSON': { status: 200, body: '<html>' },
    'JSON of another shape': { status: 200, body: '{"keys": 1}' },
  })) {
    test(`${name}: 503 with Retry-After, not 401`, async () => {
      served = () => answer;
      const call = await newEnvironment();
      const first = await call(bearer(await signed(good())));
      expect(first).toMatchObject({ status: 503, json: { code: 'TOKEN_KEYS_UNAVAILABLE' } });
    });
  }

  test('a failed fetch is not repeated at once', async () => {
    served = () => ({ status: 500, body: '' });
    const call = await newEnvironment();
    for (let n = 0; n < 20; n += 1) expect((await call(bearer(await signed(good())))).status).toBe(503);
    expect(fetches).toBe(1);
  });
});

describe('roles', () => {
  for (const role of ['viewer', 'Admin', 'root', '', 0, null, ['admin']]) {
    test(`${JSON.stringify(role)} may not do what an admin may`, async () => {
      const call = await newEnvironment({ defaultRole: 'viewer' }, 'admin');
      expect(await call(bearer(await signed({ ...good(), infraaudit_role: role })))).toMatchObject({
        status: 403,
        json: { code: 'FORBIDDEN' },
      });
    });
  }
});
