import * as z from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import { CloudUnavailableError, type ConnectingCloud, CredentialsError } from '../contract.ts';
import { GoogleClient } from './clients.ts';
import { encode, type GcpCredentials, parseCredentials } from './credentials.ts';
import { gcpFacts } from './facts.ts';
import { GoogleError, TokenError } from './google-error.ts';
import { HOSTS } from './hosts.ts';
import { classify, isThrottle, isUnreachable } from './outcomes.ts';

const PROVE = { connect: 1500, request: 3000, bytes: 262_144 } as const;
/** Milliseconds that proving may take in all: a token and a read. */
const PROVE_IN_ALL = 5000;

const projectSchema = z.object({ projectId: z.string(), state: z.string().default('ACTIVE') });

/**
 * Proves a key by a token and a read of the project, whose id is the account.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/get
 * @throws CredentialsError CREDENTIALS_REJECTED; CloudUnavailableError.
 */
async function prove(credentials: Secret<GcpCredentials>): Promise<{ readonly account: string }> {
  const { projectId } = credentials.reveal();
  const client = new GoogleClient(credentials, PROVE, AbortSignal.timeout(PROVE_IN_ALL));
  try {
    const project = await client.get(new URL(`https://${HOSTS.projects}/v3/projects/${projectId}`), projectSchema);
    if (project.projectId !== projectId) throw new CloudUnavailableError();
    if (project.state !== 'ACTIVE') throw rejected('The project is being deleted.', 'PROJECT_NOT_ACTIVE');
    return { account: projectId };
  } catch (error) {
    throw refusalOf(error);
  } finally {
    client.close();
  }
}

/** A definite no; everything else (no answer, down, throttled, our clock) is no word on the credentials. */
function refusalOf(error: unknown): Error {
  if (error instanceof CredentialsError) return error;
  if (error instanceof TokenError) {
    const definite = !error.skewed && error.status >= 400 && error.status < 500 && error.status !== 429;
    if (!definite) return new CloudUnavailableError();
    return rejected('Google does not accept this key.', classify(error, { permissions: [] }).code);
  }
  const refused = error instanceof GoogleError && [401, 403, 404].includes(error.status);
  if (!refused || isThrottle(error) || isUnreachable(error)) return new CloudUnavailableError();
  const { code, outcome } = classify(error, { permissions: [] });
  if (outcome === 'not_enabled') {
    return rejected(`${HOSTS.projects} is not enabled in the project of the service account.`, code);
  }
  return rejected('The project does not exist, or the service account may not read it.', code);
}

const rejected = (message: string, details: string): CredentialsError =>
  new CredentialsError('CREDENTIALS_REJECTED', message, details);

/** GCP as connect needs it. It is apart from collecting: what loads collectors as needed cannot be shaken off. */
export const connecting: ConnectingCloud<GcpCredentials> = { facts: gcpFacts, parse: parseCredentials, prove, encode };
