import * as z from 'zod';
import { Secret } from '../../runtime/secret.ts';
import { CredentialsError } from '../contract.ts';
import { azureFacts } from './facts.ts';

/** A service principal's client secret, and the subscription it reads. `form` leaves room for certificates. */
const storedSchema = z.strictObject({
  v: z.literal(1),
  form: z.literal('client-secret'),
  clientId: z.string(),
  clientSecret: z.string(),
  tenantId: z.string(),
  subscriptionId: z.string(),
});
export type AzureCredentials = z.infer<typeof storedSchema>;

/** The one notation that Azure itself shows: no braces, and never `common` or a domain, which name no single tenant. */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Entra's own have 40 characters; those that older tools chose had others, and other lengths. */
const CLIENT_SECRET = /^[\x21-\x7e]{8,256}$/;

/**
 * Reads the connect body by Azure's own forms, without a call. Nothing of it is ever quoted. Ids are kept in lower case,
 * so that one subscription is one account however it is typed.
 * @throws CredentialsError INVALID_CREDENTIAL
 */
export function parseCredentials(body: unknown): Secret<AzureCredentials> {
  const { clientId, clientSecret, tenantId, subscriptionId } = azureFacts.body.parse(body);
  for (const [field, value] of Object.entries({ clientId, tenantId, subscriptionId })) {
    if (!GUID.test(value)) throw new CredentialsError('INVALID_CREDENTIAL', `${field}: must be a GUID.`);
  }
  if (!CLIENT_SECRET.test(clientSecret)) {
    const rule = 'must be 8 to 256 visible ASCII characters: the value of the secret, not its id.';
    throw new CredentialsError('INVALID_CREDENTIAL', `clientSecret: ${rule}`);
  }
  return new Secret({
    v: 1,
    form: 'client-secret',
    clientId: clientId.toLowerCase(),
    clientSecret,
    tenantId: tenantId.toLowerCase(),
    subscriptionId: subscriptionId.toLowerCase(),
  });
}

export const encode = (credentials: Secret<AzureCredentials>): Secret<string> =>
  new Secret(JSON.stringify(credentials.reveal()));

/** @throws on a text of another version; the error may quote it and must not be logged. */
export const decode = (text: Secret<string>): Secret<AzureCredentials> =>
  new Secret(storedSchema.parse(JSON.parse(text.reveal())));
