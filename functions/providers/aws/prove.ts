import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import { CloudUnavailableError, type ConnectingCloud, CredentialsError } from '../contract.ts';
import { clientConfig, makeHandler } from './clients.ts';
import { type AwsCredentials, encode, parseCredentials } from './credentials.ts';
import { awsFacts } from './facts.ts';
import { isThrottle, isUnreachable, readError, type SdkError, safeCode } from './outcomes.ts';
import { GLOBAL_REGION } from './regions.ts';

const PROVE = { connect: 1500, request: 3000, attempts: 1 } as const;
/** Milliseconds that proving may take in all, whatever it does. */
const PROVE_IN_ALL = 5000;

const identitySchema = z.object({ Account: z.string().regex(/^\d{12}$/), Arn: z.string() });
type Identity = z.infer<typeof identitySchema>;

/**
 * Proves a key pair by sts:GetCallerIdentity, which needs no permission, and names its account.
 * @throws CredentialsError CREDENTIALS_REJECTED, REGION_NOT_ENABLED, ROOT_CREDENTIALS; CloudUnavailableError.
 */
async function prove(credentials: Secret<AwsCredentials>): Promise<{ readonly account: string }> {
  const { region } = credentials.reveal();
  const signal = AbortSignal.timeout(PROVE_IN_ALL);
  const identity = await whoIs(credentials, region, signal).catch(async (error: unknown) => {
    const refusal = refusalOf(error);
    // A good key in a region that is not enabled is refused like a bad one: ask where every key is good.
    if (region === GLOBAL_REGION) throw rejected(refusal);
    await whoIs(credentials, GLOBAL_REGION, signal).catch((second: unknown) => {
      throw rejected(refusalOf(second));
    });
    throw new CredentialsError('REGION_NOT_ENABLED', 'region: is not enabled for this account.');
  });
  if (identity.Arn.endsWith(':root')) {
    throw new CredentialsError(
      'ROOT_CREDENTIALS',
      "The root user's keys are not taken: make a user that may only read.",
    );
  }
  return { account: identity.Account };
}

async function whoIs(credentials: Secret<AwsCredentials>, region: string, abortSignal: AbortSignal): Promise<Identity> {
  const handler = makeHandler(PROVE);
  try {
    const client = new STSClient(clientConfig(credentials, region, handler, PROVE.attempts));
    const answer = identitySchema.safeParse(await client.send(new GetCallerIdentityCommand({}), { abortSignal }));
    if (!answer.success) throw new CloudUnavailableError();
    return answer.data;
  } finally {
    handler.destroy();
  }
}

const REFUSED =
  /^(InvalidClientTokenId|SignatureDoesNotMatch|AuthFailure|UnrecognizedClientException|InvalidAccessKeyId|AccessDenied|AccessDeniedException|IncompleteSignature|MissingAuthenticationToken|OptInRequired|InvalidToken|ExpiredToken)$/;
const SKEWED = /signature (expired|not yet current)/i;

/** A definite no; everything else (no answer, down, throttled, our clock) is no word on the credentials. */
function refusalOf(error: unknown): SdkError {
  const read = readError(error);
  const noWord = isThrottle(read) || isUnreachable(read) || SKEWED.test(read.message) || !REFUSED.test(read.name);
  if (noWord) throw new CloudUnavailableError();
  return read;
}

const rejected = (refusal: SdkError): CredentialsError =>
  new CredentialsError('CREDENTIALS_REJECTED', 'AWS does not accept this key.', safeCode(refusal));

/** AWS as connect needs it. It is apart from collecting: what loads collectors as needed cannot be shaken off. */
export const connecting: ConnectingCloud<AwsCredentials> = { facts: awsFacts, parse: parseCredentials, prove, encode };
