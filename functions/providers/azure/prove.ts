import * as z from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import { CloudUnavailableError, type ConnectingCloud, CredentialsError } from '../contract.ts';
import { azureClient } from './clients.ts';
import { type AzureCredentials, encode, parseCredentials } from './credentials.ts';
import { azureFacts } from './facts.ts';
import { AzureError, answerOf, isDenial, isRefusal, isThrottle } from './outcomes.ts';

const PROVE = { connect: 1500, request: 3000 } as const;
/** Milliseconds that proving may take in all, whatever it does. */
const PROVE_IN_ALL = 5000;

/** @see https://learn.microsoft.com/rest/api/resources/subscriptions/get?view=rest-resources-2022-12-01 */
const subscriptionSchema = z.object({ subscriptionId: z.string(), state: z.string().optional() });

/**
 * Proves a client secret by a token and by reading the subscription, which is the account. One that is disabled can
 * still be read, so it is taken; a deleted one is not.
 * @throws CredentialsError CREDENTIALS_REJECTED; CloudUnavailableError.
 */
async function prove(credentials: Secret<AzureCredentials>): Promise<{ readonly account: string }> {
  const { subscriptionId } = credentials.reveal();
  const client = azureClient(credentials, PROVE, AbortSignal.timeout(PROVE_IN_ALL));
  try {
    const path = `/subscriptions/${subscriptionId}?api-version=2022-12-01`;
    const text = await client.call({ method: 'GET', path, quota: 'subscriptions' });
    const read = answerOf(subscriptionSchema, text);
    if (read.subscriptionId.toLowerCase() !== subscriptionId) throw new CloudUnavailableError();
    if (read.state === 'Deleted') throw rejected('SubscriptionDeleted');
    return { account: subscriptionId };
  } catch (error) {
    throw error instanceof CredentialsError ? error : verdictOf(error);
  } finally {
    client.close();
  }
}

/** A definite no; everything else (no answer, down, throttled, no sense) is no word on the credentials. */
function verdictOf(error: unknown): CredentialsError | CloudUnavailableError {
  const refused = error instanceof AzureError && !isThrottle(error) && (isRefusal(error) || isDenial(error));
  return refused ? rejected(error.code) : new CloudUnavailableError();
}

const rejected = (code: string): CredentialsError =>
  new CredentialsError('CREDENTIALS_REJECTED', 'Azure does not accept these credentials for this subscription.', code);

/** Azure as connect needs it. It is apart from collecting, so that connecting loads no collector. */
export const connecting: ConnectingCloud<AzureCredentials> = {
  facts: azureFacts,
  parse: parseCredentials,
  prove,
  encode,
};
