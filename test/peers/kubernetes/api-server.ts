import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { type Certified, issue, makeCa } from '../../../lib/local/certificates.ts';
import { freePort, PEERS, type Peer, startPeer } from '../peers.ts';

/** A real API server and its etcd, empty at every start. */
export interface ApiServer {
  readonly url: string;
  readonly etcd: string;
  readonly ca: Certified;
  /** As a member of `system:masters`, for who fills the cluster: the answer's JSON. @throws for any other status. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  /** PEM of the key that signs service accounts' tokens. */
  readonly accountsKey: string;
  /** A client's certificate by the cluster's authority. */
  certify(commonName: string, organizations?: readonly string[]): Promise<Certified>;
  stop(): Promise<void>;
}

const ETCD = ['/usr/bin/etcd', join(PEERS, 'etcd/usr/bin/etcd')];
const ADMIN_TOKEN = 'peer-admin-token';
const FOLDER = join(PEERS, 'kubernetes/run');
/** The first version that this one can stand in for. */
export const OLDEST = '1.33';

/**
 * Starts the API server that `install.ts` built; its certificate is for `peer-cluster.example.com`.
 * @param emulated an older version whose APIs it serves instead of its own.
 */
export async function startApiServer(emulated?: typeof OLDEST): Promise<ApiServer> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const ca = await makeCa('peer-kubernetes-ca');
  const server = await issue(ca, { commonName: 'kube-apiserver', hosts: [PEER_HOST], ips: ['127.0.0.1'] });
  const accounts = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const file = (name: string, text: string): string => {
    const path = join(FOLDER, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const etcd = await startEtcd();
  const port = await freePort();
  const flags = {
    'etcd-servers': etcd.url,
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'cert-dir': FOLDER,
    'tls-cert-file': file('server.crt', server.certificate),
    'tls-private-key-file': file('server.key', server.key),
    'client-ca-file': file('ca.crt', ca.certificate),
    'token-auth-file': file('tokens.csv', `${ADMIN_TOKEN},admin,1,"system:masters"\n`),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': file('accounts.pub', accounts.publicKey),
    'service-account-signing-key-file': file('accounts.key', accounts.privateKey),
    'service-cluster-ip-range': '10.0.0.0/24',
    'authorization-mode': 'RBAC',
    'disable-admission-plugins': 'ServiceAccount',
    'allow-privileged': true,
    'endpoint-reconciler-type': 'none',
    // Lists come from etcd, so that its compaction makes a token expire.
    'watch-cache': false,
    'etcd-compaction-interval': 0,
    'shutdown-delay-duration': '0s',
    ...(emulated === undefined ? {} : { 'emulated-version': `kube=${emulated}` }),
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const agent = new Agent({ connect: { ca: ca.certificate } });
  const peer = await startPeer(join(PEERS, 'kubernetes/kube-apiserver'), args, {
    url: `https://127.0.0.1:${port}`,
    health: '/readyz',
    log: 'kube-apiserver.log',
    answers: async (url) => (await fetch(url, { dispatcher: agent })).ok,
  }).catch(async (error: unknown) => {
    await etcd.stop();
    throw error;
  });
  return {
    url: peer.url,
    etcd: etcd.url,
    ca,
    accountsKey: accounts.privateKey,
    async admin(method, path, body) {
      const answer = await fetch(`${peer.url}${path}`, {
        method,
        dispatcher: agent,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    },
    certify: (commonName, organizations = []) => issue(ca, { commonName, organizations, client: true }),
    async stop() {
      await agent.destroy();
      await peer.stop();
      await etcd.stop();
    },
  };
}

/** The name in the server's certificate, and the one that kubeconfigs have. */
export const PEER_HOST = 'peer-cluster.example.com';

async function startEtcd(): Promise<Peer> {
  const command = ETCD.find((path) => existsSync(path));
  if (command === undefined) throw new Error('etcd is not installed; see test/peers/install.ts');
  const [port, peerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const own = `http://127.0.0.1:${peerPort}`;
  const args = [
    ['--data-dir', join(FOLDER, 'etcd')],
    ['--listen-client-urls', url],
    ['--advertise-client-urls', url],
    ['--listen-peer-urls', own],
    ['--initial-advertise-peer-urls', own],
    ['--initial-cluster', `default=${own}`],
  ].flat();
  return startPeer(command, args, { url, health: '/health', log: 'etcd.log' });
}
