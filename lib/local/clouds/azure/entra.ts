import { randomBytes } from 'node:crypto';
import type { SamplePrincipal } from './accounts.ts';
import { entraRefusal, json, type Written } from './answers.ts';

const TOKEN_SECONDS = 3599;

/** The tokens that were given out: opaque texts, as a client has to take them. */
export class SampleTokens {
  readonly #given = new Map<string, { principal: SamplePrincipal; until: number }>();

  give(principal: SamplePrincipal): string {
    const token = `sample-arm-token.${randomBytes(48).toString('base64url')}`;
    this.#given.set(token, { principal, until: Date.now() + TOKEN_SECONDS * 1000 });
    return token;
  }

  /** Whose it is; undefined for one that was not given out, or has ended. */
  ownerOf(token: string): SamplePrincipal | undefined {
    const known = this.#given.get(token);
    return known !== undefined && known.until > Date.now() ? known.principal : undefined;
  }
}

/**
 * The token endpoint, for client credentials only.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#first-case-access-token-request-with-a-shared-secret
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 * @throws Refusal
 */
export function tokenAnswer(
  principals: readonly SamplePrincipal[],
  tokens: SampleTokens,
  tenant: string,
  form: URLSearchParams,
): Written {
  const inTenant = principals.filter(({ tenantId }) => tenantId === tenant.toLowerCase());
  if (inTenant.length === 0) {
    const text = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
    throw entraRefusal(400, 'invalid_request', 90002, text);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    throw entraRefusal(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  }
  const client = form.get('client_id') ?? '';
  const principal = inTenant.find(({ clientId }) => clientId === client);
  if (principal === undefined) {
    const text = `Application with identifier '${client}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
    throw entraRefusal(400, 'unauthorized_client', 700016, text);
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    throw entraRefusal(401, 'invalid_client', 7000218, text);
  }
  if (secret !== principal.clientSecret) {
    const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${client}'.`;
    throw entraRefusal(401, 'invalid_client', 7000215, text);
  }
  if (principal.expired === true) {
    const text = `The provided client secret keys for app '${client}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`;
    throw entraRefusal(401, 'invalid_client', 7000222, text);
  }
  const scopes = (form.get('scope') ?? '').split(' ');
  if (!scopes.includes('https://management.azure.com/.default')) {
    const text = `The provided value for the input parameter 'scope' is not valid.`;
    throw entraRefusal(400, 'invalid_scope', 70011, text);
  }
  const access = tokens.give(principal);
  return json(200, {
    token_type: 'Bearer',
    expires_in: TOKEN_SECONDS,
    ext_expires_in: TOKEN_SECONDS,
    access_token: access,
  });
}
