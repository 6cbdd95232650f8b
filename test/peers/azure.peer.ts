import { afterAll, beforeAll, expect, test } from 'vitest';
import { connecting } from '../../functions/providers/azure/prove.ts';
import { CloudUnavailableError, CredentialsError } from '../../functions/providers/contract.ts';
import { CLOUD_DEFAULTS } from '../../functions/runtime/links.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';
import { type Issuer, startIssuer } from './azure/issuer.ts';

/**
 * `@azure/identity`, as connect uses it, against an OpenID provider that we did not write, at Entra's paths. It shows the
 * protocol: the form, the secret's notation, the token and its use. It does not show Entra's own AADSTS codes.
 */
const client = {
  tenantId: '5a3c1d2e-0a0b-4c0d-8e0f-1a2b3c4d5e6f',
  clientId: '7b1f2a3c-1111-4222-8333-444455556666',
  // Characters that a form, a URL and a header each have to escape.
  clientSecret: 'peer~Secret+with/odd=&%characters?[x]:y',
  subscriptionId: '9d2e3f40-2222-4333-8444-555566667777',
};
let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer(client);
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, endpoints: [...issuer.endpoints] }));
});
afterAll(() => issuer?.close());

const prove = (change: object = {}) => connecting.prove(connecting.parse({ ...client, ...change }));
const failureOf = (change: object) =>
  prove(change).then(
    () => undefined,
    (error: unknown) => error,
  );

test('a client secret buys a token that the provider itself says is good, with one call each', async () => {
  expect(await prove()).toEqual({ account: client.subscriptionId });
  expect(issuer.calls.map(({ path, status }) => `${status} ${path.split('?')[0]}`)).toEqual([
    `200 /login.microsoftonline.com/${client.tenantId}/oauth2/v2.0/token`,
    `200 /management.azure.com/subscriptions/${client.subscriptionId}`,
  ]);
});

test("a wrong secret and an unknown client are a definite no, in the provider's own words", async () => {
  for (const change of [{ clientSecret: 'peer~Secret-wrong' }, { clientId: client.tenantId }]) {
    const error = await failureOf(change);
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error).toMatchObject({ code: 'CREDENTIALS_REJECTED', details: 'invalid_client' });
  }
});

test('a certificate that the settings do not trust is no answer', async () => {
  const endpoints = issuer.endpoints.map(({ host, url }) => ({ host, url }));
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, endpoints }));
  const before = issuer.calls.length;
  expect(await failureOf({})).toBeInstanceOf(CloudUnavailableError);
  expect(issuer.calls).toHaveLength(before);
});
