import type { KeyObject } from 'node:crypto';
import { sampleKey } from './keys.ts';

/** A project of the sample cloud, with the one service account that may read it, and that account's key. */
export interface SampleProject {
  readonly projectId: string;
  readonly projectNumber: string;
  readonly seed: number;
  /** Its inventory's size next to the main project's. */
  readonly scale: number;
  readonly clientEmail: string;
  readonly privateKeyId: string;
  readonly key: KeyObject;
  /** Where its billing account exports to, and where that data set lies. */
  readonly dataset: { readonly id: string; readonly location: string };
  readonly billingAccount: string;
}

/** Connected by `npm start`. */
export const MAIN_PROJECT: SampleProject = {
  projectId: 'sample-project-1',
  projectNumber: '100000000001',
  seed: 1,
  scale: 1,
  clientEmail: 'infraaudit@sample-project-1.iam.gserviceaccount.com',
  privateKeyId: '5a3b1e0000000000000000000000000000000001',
  key: sampleKey('gcp/sample-project-1', { p: 1322, q: 179 }),
  dataset: { id: 'billing_export', location: 'EU' },
  billingAccount: '01A2B3-C4D5E6-F70819',
};

/** Left to whoever follows the README by hand. */
export const EXAMPLE_PROJECT: SampleProject = {
  projectId: 'my-gcp-project',
  projectNumber: '100000000002',
  seed: 2,
  scale: 0.3,
  clientEmail: 'infraaudit@my-gcp-project.iam.gserviceaccount.com',
  privateKeyId: '5a3b1e0000000000000000000000000000000002',
  key: sampleKey('gcp/my-gcp-project', { p: 362, q: 6 }),
  dataset: { id: 'billing_export', location: 'US' },
  billingAccount: '0F1E2D-3C4B5A-697887',
};

/** A service account that exists and may read nothing of the two. */
export const OUTSIDER = {
  clientEmail: 'nobody@elsewhere-project.iam.gserviceaccount.com',
  privateKeyId: '5a3b1e0000000000000000000000000000000003',
  key: sampleKey('gcp/outsider', { p: 144, q: 100 }),
} as const;

export const PROJECTS: readonly SampleProject[] = [MAIN_PROJECT, EXAMPLE_PROJECT];

export interface Holder {
  readonly clientEmail: string;
  readonly privateKeyId: string;
  readonly key: KeyObject;
}

/** The key file as Google hands it out once. @see https://cloud.google.com/iam/docs/keys-create-delete */
export function keyFile({ clientEmail, privateKeyId, key }: Holder): string {
  const project = clientEmail.split('@')[1]?.split('.')[0] ?? '';
  const certs = 'https://www.googleapis.com';
  const file = {
    type: 'service_account',
    project_id: project,
    private_key_id: privateKeyId,
    private_key: key.export({ type: 'pkcs8', format: 'pem' }),
    client_email: clientEmail,
    client_id: '100000000000000000001',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: `${certs}/oauth2/v1/certs`,
    client_x509_cert_url: `${certs}/robot/v1/metadata/x509/${encodeURIComponent(clientEmail)}`,
    universe_domain: 'googleapis.com',
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
