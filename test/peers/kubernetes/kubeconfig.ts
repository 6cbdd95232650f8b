import type { Certified } from '../../../lib/local/certificates.ts';
import { PEER_HOST } from './api-server.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig of the peer's cluster, as `kubectl config view --raw --flatten -o json` writes it. */
export const kubeconfigFor = (ca: Certified, user: { readonly token: string } | Certified): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [
      { name: 'c', cluster: { server: `https://${PEER_HOST}`, 'certificate-authority-data': base64(ca.certificate) } },
    ],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
    users: [
      {
        name: 'u',
        user:
          'token' in user
            ? { token: user.token }
            : { 'client-certificate-data': base64(user.certificate), 'client-key-data': base64(user.key) },
      },
    ],
  });
