import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import { CloudUnavailableError, type ConnectingCloud, CredentialsError } from '../contract.ts';
import { type ApiRequest, type Cluster, openCluster } from './clients.ts';
import { encode, type KubernetesCredentials } from './credentials.ts';
import { ApiStatusError } from './errors.ts';
import { kubernetesFacts } from './facts.ts';
import { parseCredentials } from './kubeconfig.ts';

const PROVE = { connect: 2000, headers: 3000, silence: 3000, request: 4000 } as const;
/** Milliseconds that proving may take in all, whatever it does. */
const PROVE_IN_ALL = 4800;

const versionSchema = z.object({ gitVersion: z.string() });
const reviewSchema = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });
const namespaceSchema = z.object({ metadata: z.object({ uid: z.string().regex(/^[0-9a-f-]{36}$/i) }) });
const ANONYMOUS = 'system:anonymous';

/**
 * Proves that the server is a Kubernetes API server and knows who we are, and names the cluster by the UID of its
 * namespace `kube-system`; where that may not be read, by its address and authority.
 * @throws CredentialsError CREDENTIALS_REJECTED; CloudUnavailableError, also for every failure of the network alike:
 *   connecting is no way to find out what is where.
 */
async function prove(credentials: Secret<KubernetesCredentials>): Promise<{ readonly account: string }> {
  const cluster = openCluster(credentials, PROVE);
  const signal = AbortSignal.timeout(PROVE_IN_ALL);
  try {
    const version = versionSchema.safeParse(await ask(cluster, { path: '/version', signal }));
    const known = await isKnown(cluster, signal);
    const namespace = await ask(cluster, { path: '/api/v1/namespaces/kube-system', signal });
    const named = namespaceSchema.safeParse(namespace);
    // It refused or knew nothing of all three: whatever answers there, it is no API server that we could read.
    if (!version.success && !known && !named.success) throw new CloudUnavailableError();
    return { account: named.success ? named.data.metadata.uid : hashOf(credentials) };
  } finally {
    cluster.close();
  }
}

/**
 * Whether the server says who we are. Credentials that it does not look at make us anonymous, and that is a no; servers
 * before 1.28 do not know the question.
 */
async function isKnown(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const review = reviewSchema.safeParse(await ask(cluster, { path, body, signal }));
  if (review.success && review.data.status.userInfo.username === ANONYMOUS) throw rejected('ANONYMOUS');
  return review.success;
}

/** The answer, or nothing where we may not ask or it is not there. */
async function ask(cluster: Cluster, request: ApiRequest): Promise<unknown> {
  try {
    return await cluster.call(request);
  } catch (error) {
    if (!(error instanceof ApiStatusError)) throw new CloudUnavailableError();
    if (error.status === 401) throw rejected('UNAUTHORIZED');
    if (error.status === 403 && error.message.includes(`User "${ANONYMOUS}"`)) throw rejected('ANONYMOUS');
    if (error.status === 403 || error.status === 404) return undefined;
    throw new CloudUnavailableError();
  }
}

const rejected = (code: string): CredentialsError =>
  new CredentialsError('CREDENTIALS_REJECTED', 'The cluster does not accept these credentials.', code);

function hashOf(credentials: Secret<KubernetesCredentials>): string {
  const { server, ca = '' } = credentials.reveal();
  return `cluster-${createHash('sha256').update(`${server}\n${ca}`).digest('hex').slice(0, 32)}`;
}

/** Kubernetes as connect needs it: it loads no collector. */
export const connecting: ConnectingCloud<KubernetesCredentials> = {
  facts: kubernetesFacts,
  parse: parseCredentials,
  prove,
  encode,
};
