import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EXAMPLE_PRINCIPAL, EXPIRED_PRINCIPAL, MAIN_PRINCIPAL } from '../../lib/local/clouds/azure/accounts.ts';
import { type CloudsDeployment, startCloudsDeployment } from '../support/clouds.ts';
import { MARK, type Refusals, refusalsOf, setTrap, type Trap } from '../support/refusals.ts';

/** What connecting a subscription must refuse, and what Azure may answer without harm. */
let deployment: CloudsDeployment;
let trap: Trap;
let watch: Refusals;
beforeAll(async () => {
  deployment = await startCloudsDeployment();
  trap = await setTrap(deployment.directory);
  watch = refusalsOf(deployment, 'azure', trap);
});
afterAll(async () => {
  await deployment?.stop();
  await trap?.close();
});

const good = (): Readonly<Record<string, string>> => ({
  name: 'Subscription',
  ...deployment.cloud('azure').bodies.main,
});
const INVALID = { status: 422, code: 'INVALID_CREDENTIAL' } as const;

describe('ids', () => {
  const guid = 'ab0d5a1c-2e3f-4a5b-8c6d-7e8f90a1b2c3';
  const notGuids = () => [
    'common',
    'organizations',
    'consumers',
    'contoso.com',
    'contoso.onmicrosoft.com',
    'microsoft.com',
    '../x',
    'x/../../providers',
    `${guid}/../../providers`,
    `${guid}/resourceGroups/x`,
    `/subscriptions/${guid}`,
    `subscriptions/${guid}`,
    `${guid}?api-version=x`,
    `${guid}#x`,
    `${guid}%2f..`,
    `${guid};x`,
    `${guid},${guid}`,
    `${guid} `,
    ` ${guid}`,
    `${guid}\n`,
    `${guid}\r\nx-evil: 1`,
    `${guid}\0`,
    `{${guid}}`,
    `(${guid})`,
    `urn:uuid:${guid}`,
    guid.replaceAll('-', ''),
    guid.replaceAll('-', '‐'),
    guid.replaceAll('a', 'а'),
    guid.replaceAll('0', '０'),
    guid.replace('c3', 'g3'),
    guid.slice(1),
    `${guid}0`,
    '0x0d5a1c,0x2e3f,0x4a5b',
    'qx1dDYxuTkKkzQ8sNwkK4A==',
    `https://login.microsoftonline.com/${guid}`,
    trap.url,
    `@127.0.0.1:${trap.port}`,
    '*',
    '-'.repeat(36),
    'a'.repeat(36),
    'a'.repeat(100_000),
    '',
    ' ',
  ];
  for (const field of ['clientId', 'tenantId', 'subscriptionId']) {
    test(`${field} is a GUID as Azure shows it, or 422 INVALID_CREDENTIAL that names the field and not the value`, async () => {
      for (const value of notGuids()) {
        const answer = await watch.refused({ ...good(), [field]: value }, { ...INVALID, unsaid: [value.trim()] });
        expect(answer.json).toMatchObject({ error: expect.stringContaining(field) });
      }
    });
  }
});

test('a client secret that is none', async () => {
  const secrets = [
    '',
    ' ',
    'short',
    `${MARK} with blanks`,
    ` ${MARK}`,
    `${MARK}\n`,
    `${MARK}\r\nx-evil: 1`,
    `${MARK}\t`,
    `${MARK}\0`,
    `${MARK}\u007f`,
    `${MARK}é`,
    `${MARK}\u200b`,
    `${MARK}🦊`,
    'x'.repeat(257),
    MARK.repeat(10_000),
  ];
  for (const clientSecret of secrets) await watch.refused({ ...good(), clientSecret }, INVALID);
});

test('other ways to say who one is are fields that nobody knows', async () => {
  const { clientSecret: _, ...without } = good();
  const others: object[] = [
    { clientCertificate: `-----BEGIN CERTIFICATE-----\n${MARK}` },
    { certificatePath: trap.pipe },
    { clientAssertion: MARK },
    { federatedTokenFile: trap.pipe },
    { managedIdentityClientId: MAIN_PRINCIPAL.clientId },
    { username: 'me@contoso.com', password: MARK },
    { authorityHost: trap.url },
    { authority: trap.url, clientSecret: MARK },
    { resourceManagerEndpoint: trap.url },
    { environment: 'AzureUSGovernment' },
    { additionallyAllowedTenants: ['*'] },
    { disableInstanceDiscovery: true },
  ];
  for (const other of others) {
    await watch.refused({ ...without, ...other }, { status: 400, code: 'VALIDATION_FAILED' });
    await watch.refused({ ...good(), ...other }, { status: 400, code: 'VALIDATION_FAILED' });
  }
});

describe('what Azure refuses', () => {
  const TOKEN = 'login token';
  const READ = 'subscriptions get';
  const nobody = '0aa00000-0000-4000-8000-000000000000';
  const expired = { clientId: EXPIRED_PRINCIPAL.clientId, clientSecret: EXPIRED_PRINCIPAL.clientSecret };
  const rows: [string, object, string, string[]][] = [
    ['a wrong secret', { clientSecret: `${MARK}-wrong` }, 'AADSTS7000215', [TOKEN]],
    ["another's secret", { clientSecret: EXAMPLE_PRINCIPAL.clientSecret }, 'AADSTS7000215', [TOKEN]],
    ["the secret's id", { clientSecret: '7b1f2a3c-1111-4222-8333-000000000000' }, 'AADSTS7000215', [TOKEN]],
    ['a secret in capitals', { clientSecret: MAIN_PRINCIPAL.clientSecret.toUpperCase() }, 'AADSTS7000215', [TOKEN]],
    ['a secret past its end', expired, 'AADSTS7000222', [TOKEN]],
    ['a client that is not there', { clientId: nobody }, 'AADSTS700016', [TOKEN]],
    ["another tenant's client", { clientId: EXAMPLE_PRINCIPAL.clientId }, 'AADSTS700016', [TOKEN]],
    ['a tenant that is not there', { tenantId: nobody }, 'AADSTS90002', [TOKEN]],
    ['the nil tenant', { tenantId: '00000000-0000-0000-0000-000000000000' }, 'AADSTS90002', [TOKEN]],
    [
      "another tenant's subscription",
      { subscriptionId: EXAMPLE_PRINCIPAL.subscriptionId },
      'InvalidAuthenticationTokenTenant',
      [TOKEN, READ],
    ],
    ['a subscription that is not there', { subscriptionId: nobody }, 'SubscriptionNotFound', [TOKEN, READ]],
    [
      'the tenant for the subscription',
      { subscriptionId: MAIN_PRINCIPAL.tenantId },
      'SubscriptionNotFound',
      [TOKEN, READ],
    ],
  ];
  test.each(rows)('%s is 422 CREDENTIALS_REJECTED, nothing stored', async (_, change, details, calls) => {
    const unsaid = Object.values(change);
    const expected = { status: 422, code: 'CREDENTIALS_REJECTED', calls, unsaid };
    expect((await watch.refused({ ...good(), ...change }, expected)).json).toMatchObject({ details });
  });

  test('a principal without a role at the subscription is refused too', async () => {
    const cloud = deployment.cloud('azure');
    cloud.turn({ roles: [] });
    const answer = await watch.refused(good(), { status: 422, code: 'CREDENTIALS_REJECTED', calls: [TOKEN, READ] });
    cloud.turn({ roles: [{ actions: ['*/read'], notActions: [] }] });
    expect(answer.json).toMatchObject({ details: 'AuthorizationFailed' });
  });
});

describe('a subscription that is connected', () => {
  test('is one account however its ids are typed', async () => {
    watch.remember(good());
    expect((await deployment.call('POST', '/azure/connect', { body: good() })).status).toBe(201);
    await deployment.twin.idle();
    await deployment.twin.tick();
    await deployment.twin.idle();
    const ids = ['clientId', 'tenantId', 'subscriptionId'] as const;
    const loud = Object.fromEntries(ids.map((field) => [field, MAIN_PRINCIPAL[field].toUpperCase()]));
    const again = await deployment.call('POST', '/azure/connect', { body: { ...good(), ...loud } });
    expect(again).toMatchObject({ status: 409, json: { code: 'ACCOUNT_ALREADY_CONNECTED' } });
  });

  const links = () => [
    'attacker.example',
    `127.0.0.1:${trap.port}`,
    'management.azure.com.attacker.example',
    'management.azure.com@attacker.example',
    'management.azure.com:8443',
    '169.254.169.254',
  ];
  test('whose pages of costs lead to another host has costs that failed, and no token goes there', async () => {
    const cloud = deployment.cloud('azure');
    for (const [n, linkHost] of links().entries()) {
      const who = { claims: { tenant: `link-${n}` } };
      cloud.turn({ linkHost, costPage: 5 });
      cloud.resetCalls();
      expect((await deployment.call('POST', '/azure/connect', { ...who, body: good() })).status).toBe(201);
      await deployment.twin.idle();
      await deployment.twin.tick();
      await deployment.twin.idle();
      const costs = await deployment.call('GET', '/1/costs', who);
      expect([linkHost, costs.json]).toEqual([
        linkHost,
        expect.objectContaining({
          source: expect.objectContaining({ outcome: 'failed', error_code: 'UNSAFE_NEXT_LINK' }),
          costs: [],
        }),
      ]);
      expect(cloud.calls().filter(({ service }) => service === 'costmanagement')).toHaveLength(1);
      expect((await deployment.call('DELETE', '/1', who)).status).toBe(204);
    }
    cloud.turn({ linkHost: undefined, costPage: 1000 });
    expect(trap.caught()).toEqual([]);
    expect(cloud.unknownCalls()).toEqual([]);
  });

  test('whose list of permissions leads to another host has a cell that failed, and keeps what it held', async () => {
    const cloud = deployment.cloud('azure');
    const cells = z.array(z.object({ outcome: z.string(), error_code: z.string().nullish(), count: z.number() }));
    const read = async () => cells.parse((await deployment.call('GET', '/1/coverage?limit=100')).json);
    const before = await read();
    const roles = Array.from({ length: 3 }, () => ({ actions: ['*/read'], notActions: [] }));
    cloud.turn({ linkHost: `127.0.0.1:${trap.port}`, roles });
    expect((await deployment.call('POST', '/1/sync')).status).toBe(202);
    await deployment.twin.idle();
    cloud.turn({ linkHost: undefined, roles: roles.slice(0, 1) });
    const after = await read();
    expect(new Set(after.map(({ outcome, error_code }) => `${outcome} ${error_code}`))).toEqual(
      new Set(['failed UNSAFE_NEXT_LINK']),
    );
    expect(after.map(({ count }) => count)).toEqual(before.map(({ count }) => count));
    expect(trap.caught()).toEqual([]);
  });
});

test('nothing secret that was sent is in a log, an audit line or an event, and nobody was called', async () => {
  expect(await watch.found()).toEqual([]);
  expect(trap.caught()).toEqual([]);
});
