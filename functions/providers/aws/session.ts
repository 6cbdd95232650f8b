import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import type { CloudSession } from '../../domain/cloud.ts';
import type { Secret } from '../../runtime/secret.ts';
import { CloudUnavailableError, CredentialsError } from '../contract.ts';
import { type ClientConfig, clientConfig, makeHandler } from './clients.ts';
import { loadCollector } from './collectors/load.ts';
import type { AwsCredentials } from './credentials.ts';
import { classify, isThrottle, isUnreachable, readError, type SdkError, safeCode } from './outcomes.ts';
import { quotaOf } from './quotas.ts';
import { GLOBAL_REGION } from './regions.ts';

/** Collectors' calls are made once: the engine makes them again, within the quota. */
const COLLECT = { connect: 2000, request: 15_000, attempts: 1 } as const;
const PROVE = { connect: 1500, request: 3000, attempts: 1 } as const;
/** Milliseconds that proving may take in all, whatever it does. */
const PROVE_IN_ALL = 5000;

const identitySchema = z.object({ Account: z.string().regex(/^\d{12}$/), Arn: z.string() });
type Identity = z.infer<typeof identitySchema>;

/** Opens an account for one invocation. */
export function open(credentials: Secret<AwsCredentials>, account: string): CloudSession & { close(): void } {
  const handler = makeHandler(COLLECT);
  const clients = new Map<string, Map<unknown, unknown>>();
  const clientIn =
    (region: string) =>
    <C>(make: new (config: ClientConfig) => C): C => {
      const ofRegion = clients.get(region) ?? new Map<unknown, unknown>();
      clients.set(region, ofRegion);
      const made = ofRegion.get(make);
      if (made instanceof make) return made;
      const client = new make(clientConfig(credentials, region, handler, COLLECT.attempts));
      ofRegion.set(make, client);
      return client;
    };
  return {
    async collector(name, scope) {
      const region = scope === 'global' ? GLOBAL_REGION : scope;
      const collector = await loadCollector(name);
      return collector.bind({ client: clientIn(region) }, { account, region, partition: 'aws' });
    },
    classify,
    quota: quotaOf,
    close: () => handler.destroy(),
  };
}

/**
 * Proves a key pair by sts:GetCallerIdentity, which needs no permission, and names its account.
 * @throws CredentialsError CREDENTIALS_REJECTED, REGION_NOT_ENABLED, ROOT_CREDENTIALS; CloudUnavailableError.
 */
export async function prove(credentials: Secret<AwsCredentials>): Promise<{ readonly account: string }> {
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
