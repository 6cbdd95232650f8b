import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connecting } from '../../../../functions/providers/azure/prove.ts';
import { CloudUnavailableError, CredentialsError } from '../../../../functions/providers/contract.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/azure/knobs.ts';
import { EXPIRED_PRINCIPAL, type SampleAzure } from '../../../../lib/local/clouds/azure/sample-azure.ts';
import { startAzure } from './sample.ts';

let sample: SampleAzure;
beforeAll(async () => {
  sample = await startAzure();
});
afterAll(() => sample?.close());
afterEach(() => {
  sample.turn({ ...defaultKnobs });
  sample.resetCalls();
  pointTo(sample.settings.endpoints ?? []);
});

const pointTo = (endpoints: SampleAzure['settings']['endpoints'] = []) =>
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, endpoints }));
const prove = (change: object = {}) => connecting.prove(connecting.parse({ ...sample.bodies.main, ...change }));
const failureOf = (change: object = {}) =>
  prove(change).then(
    () => undefined,
    (error: unknown) => error,
  );
const NOBODY = '00000000-0000-0000-0000-0000000000ff';

test("the sample's two bodies prove, and the contract's own example is one of them, to the letter", async () => {
  expect(sample.bodies.example).toEqual({
    clientId: '00000000-0000-0000-0000-000000000001',
    clientSecret: 'your-client-secret',
    tenantId: '00000000-0000-0000-0000-000000000002',
    subscriptionId: '00000000-0000-0000-0000-000000000003',
  });
  for (const body of [sample.bodies.main, sample.bodies.example]) {
    expect(await prove(body)).toEqual({ account: body.subscriptionId });
  }
  expect(sample.calls().map(({ service, outcome }) => `${service} ${outcome}`)).toEqual([
    'login ok',
    'subscriptions ok',
    'login ok',
    'subscriptions ok',
  ]);
});

test('a definite no names the code of Azure, never a value, and comes after as few calls as can be', async () => {
  const { main, example } = sample.bodies;
  const rows: [string, object, string, number][] = [
    ['a wrong secret', { clientSecret: 'wrong~Client.Secret-000001' }, 'AADSTS7000215', 1],
    ['a client that is not there', { clientId: NOBODY }, 'AADSTS700016', 1],
    ['a tenant that is not there', { tenantId: NOBODY }, 'AADSTS90002', 1],
    ['a secret past its end', { ...EXPIRED_PRINCIPAL }, 'AADSTS7000222', 1],
    [
      "another tenant's subscription",
      { subscriptionId: example.subscriptionId },
      'InvalidAuthenticationTokenTenant',
      2,
    ],
    ['a subscription that is not there', { subscriptionId: NOBODY }, 'SubscriptionNotFound', 2],
  ];
  for (const [what, change, details, calls] of rows) {
    sample.resetCalls();
    const all = { ...main, ...change };
    const body = Object.fromEntries(Object.entries(all).filter(([field]) => field in main));
    const error = await failureOf(body);
    expect(error, what).toBeInstanceOf(CredentialsError);
    expect(error).toMatchObject({ code: 'CREDENTIALS_REJECTED', details });
    for (const value of Object.values(body)) expect(inspect(error)).not.toContain(String(value));
    expect(sample.calls(), what).toHaveLength(calls);
  }
});

test('a principal without any role at the subscription is refused, not unavailable', async () => {
  sample.turn({ roles: [] });
  expect(await failureOf()).toMatchObject({ code: 'CREDENTIALS_REJECTED', details: 'AuthorizationFailed' });
});

test('down, throttled and nonsense are no word on the credentials, at either host', async () => {
  for (const service of ['login', 'subscriptions']) {
    for (const knob of ['down', 'throttle', 'broken']) {
      sample.turn({ ...defaultKnobs, [knob]: [{ service }] });
      expect(await failureOf(), `${service} ${knob}`).toBeInstanceOf(CloudUnavailableError);
    }
  }
});

test('no answer ends within five seconds, at either host', async () => {
  for (const service of ['login', 'subscriptions']) {
    sample.turn({ ...defaultKnobs, hang: [{ service }] });
    const began = performance.now();
    expect(await failureOf()).toBeInstanceOf(CloudUnavailableError);
    expect(performance.now() - began).toBeLessThan(5000);
  }
});

test('whatever the network does reads alike: nothing listens, it hangs up, it speaks no TLS, its certificate is unknown', async () => {
  const rude: Server = createServer((socket) => socket.destroy());
  const plain: Server = createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const ports = await Promise.all(
    [rude, plain].map(async (server) => {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
  const host = 'login.microsoftonline.com';
  const told = [
    [{ host, url: 'https://127.0.0.1:9' }],
    ...ports.map((port) => [{ host, url: `https://127.0.0.1:${port}` }]),
    (sample.settings.endpoints ?? []).map(({ host: name, url }) => ({ host: name, url })),
  ];
  const errors = [];
  for (const endpoints of told) {
    pointTo(endpoints);
    errors.push(await failureOf());
  }
  expect(new Set(errors.map((error) => inspect(error).split('\n')[0])).size).toBe(1);
  for (const error of errors) expect(error).toBeInstanceOf(CloudUnavailableError);
  expect(sample.calls()).toEqual([]);
  rude.close();
  plain.close();
});

test('a proxy, an authority and a secret of the environment have no say', async () => {
  const environment = {
    HTTPS_PROXY: 'http://127.0.0.1:9',
    ALL_PROXY: 'http://127.0.0.1:9',
    AZURE_AUTHORITY_HOST: 'https://evil.example',
    AZURE_CLIENT_SECRET: 'another',
    AZURE_TENANT_ID: 'another',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  expect(await prove().finally(vi.unstubAllEnvs)).toEqual({ account: sample.bodies.main.subscriptionId });
});

test('a region that the environment names leads to no host but the two: it fails, and nothing else is called', async () => {
  for (const [name, value] of [
    ['AZURE_REGIONAL_AUTHORITY_NAME', 'AutoDiscoverRegion'],
    ['AZURE_REGIONAL_AUTHORITY_NAME', 'westeurope'],
    ['MSAL_FORCE_REGION', 'evil'],
    ['HTTPS_PROXY', 'no URL at all'],
  ] as const) {
    vi.stubEnv(name, value);
    expect(await failureOf().finally(vi.unstubAllEnvs), name).toBeInstanceOf(CloudUnavailableError);
  }
  expect([...sample.calls(), ...sample.unknownCalls()]).toEqual([]);
});
