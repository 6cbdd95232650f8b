import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { type Certified, issue, makeCa } from '../../certificates.ts';

/** A cluster of the sample cloud and the one user that it knows. */
export interface SampleCluster {
  /** As a kubeconfig's server and a request's Host name it. */
  readonly host: string;
  /** UID of its namespace `kube-system`. */
  readonly uid: string;
  readonly seed: string;
  /** Its inventory's size next to the main one's. */
  readonly scale: number;
  readonly username: string;
  readonly groups: readonly string[];
  readonly version: string;
}

/** Connected by `npm start`, by a service account's token. */
export const MAIN_CLUSTER: SampleCluster = {
  host: 'sample-cluster.example.com:6443',
  uid: '6f1d3a52-0b7e-4c7a-9d43-5e0a4c2b9f10',
  seed: 'main',
  scale: 1,
  username: 'system:serviceaccount:infraaudit:infraaudit-read',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:infraaudit', 'system:authenticated'],
  version: 'v1.36.3',
};

/** Left to whoever follows the README, who is known by a client certificate. */
export const EXAMPLE_CLUSTER: SampleCluster = {
  host: 'my-cluster.example.com:6443',
  uid: 'c0a80121-7ac0-4c1c-8f2e-1d2e3f405162',
  seed: 'example',
  scale: 0.2,
  username: 'infraaudit',
  groups: ['infraaudit-readers', 'system:authenticated'],
  version: 'v1.33.5',
};

export const CLUSTERS = [MAIN_CLUSTER, EXAMPLE_CLUSTER] as const;

/** The clusters' keys: one authority, the server's certificate for all of their names, and a client's. */
export interface Keys {
  readonly ca: Certified;
  readonly server: Certified;
  readonly client: Certified;
}

/** @param directory where they are kept, so that clusters that were connected stay so; absent: new ones. */
export async function keysIn(directory: string | undefined): Promise<Keys> {
  const kept = (name: string) =>
    directory === undefined ? undefined : { directory: join(directory, 'kubernetes'), name };
  const ca = await makeCa('sample-kubernetes-ca', kept('ca'));
  const hosts = CLUSTERS.map(({ host }) => host.replace(/:\d+$/, ''));
  const { username, groups } = EXAMPLE_CLUSTER;
  const [server, client] = await Promise.all([
    issue(ca, { commonName: 'kube-apiserver', hosts }, kept('server')),
    issue(ca, { commonName: username, organizations: groups.slice(0, 1), client: true }, kept('client')),
  ]);
  return { ca, server, client };
}

/** A service account's token in its usual form; it is the same as long as the authority is. */
export function tokenOf({ ca }: Keys, { username, host }: SampleCluster): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: 'sample' })}.${part({ iss: 'kubernetes/serviceaccount', sub: username, aud: [host] })}`;
  return `${signed}.${createHmac('sha256', ca.key).update(signed).digest('base64url')}`;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig as `kubectl config view --raw --flatten` writes it. */
export function kubeconfigOf(keys: Keys, cluster: SampleCluster, by: 'token' | 'certificate'): string {
  const user =
    by === 'token'
      ? [`    token: ${tokenOf(keys, cluster)}`]
      : [
          `    client-certificate-data: ${base64(keys.client.certificate)}`,
          `    client-key-data: ${base64(keys.client.key)}`,
        ];
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- cluster:',
    `    certificate-authority-data: ${base64(keys.ca.certificate)}`,
    `    server: https://${cluster.host}`,
    '  name: cluster',
    'contexts:',
    '- context:',
    '    cluster: cluster',
    '    user: infraaudit',
    '  name: infraaudit',
    'current-context: infraaudit',
    'preferences: {}',
    'users:',
    '- name: infraaudit',
    '  user:',
    ...user,
    '',
  ].join('\n');
}
