import { CANARY } from '../../sample-cloud.ts';
import { iso, type Kind, keyOf, labelsFor, named, regionOf } from './kind.ts';

export const projects: Kind = {
  assetType: 'cloudresourcemanager.googleapis.com/Project',
  type: 'gcp_cloudresourcemanager_project',
  version: 'v1',
  discovery: 'https://cloudresourcemanager.googleapis.com/$discovery/rest',
  growing: 0,
  fixed: 1,
  make: ({ project, random }) => ({
    path: `projects/${project.projectNumber}`,
    location: 'global',
    data: {
      projectId: project.projectId,
      projectNumber: project.projectNumber,
      name: 'Sample project',
      lifecycleState: 'ACTIVE',
      createTime: iso(random),
      labels: labelsFor(random),
      parent: { type: 'organization', id: '123456789012' },
    },
  }),
};

export const serviceAccounts: Kind = {
  assetType: 'iam.googleapis.com/ServiceAccount',
  type: 'gcp_iam_service_account',
  version: 'v1',
  discovery: 'https://iam.googleapis.com/$discovery/rest',
  growing: 12,
  make({ project, index, random }) {
    const email = `${named('sa', index)}@${project.projectId}.iam.gserviceaccount.com`;
    const uniqueId = `1${String(project.seed).padStart(8, '0')}${String(index).padStart(12, '0')}`;
    return {
      path: `projects/${project.projectId}/serviceAccounts/${uniqueId}`,
      location: 'global',
      data: {
        name: `projects/${project.projectId}/serviceAccounts/${email}`,
        projectId: project.projectId,
        uniqueId,
        email,
        displayName: `Account ${index}`,
        description: CANARY,
        disabled: random.chance(0.1),
        oauth2ClientId: uniqueId,
      },
    };
  },
  alter: (data, turn) => ({ ...data, displayName: `Renamed ${turn}` }),
};

export const serviceAccountKeys: Kind = {
  assetType: 'iam.googleapis.com/ServiceAccountKey',
  type: 'gcp_iam_service_account_key',
  version: 'v1',
  discovery: 'https://iam.googleapis.com/$discovery/rest',
  growing: 20,
  make({ project, index, random }) {
    const account = `${named('sa', index % 12)}@${project.projectId}.iam.gserviceaccount.com`;
    const id = `${random.hex(34)}${String(index).padStart(6, '0')}`;
    const path = `projects/${project.projectId}/serviceAccounts/${account}/keys/${id}`;
    return {
      path,
      location: 'global',
      data: {
        name: path,
        keyType: random.pick('USER_MANAGED', 'SYSTEM_MANAGED'),
        keyOrigin: 'GOOGLE_PROVIDED',
        keyAlgorithm: 'KEY_ALG_RSA_2048',
        validAfterTime: iso(random),
        validBeforeTime: '9999-12-31T23:59:59Z',
        privateKeyData: Buffer.from(CANARY).toString('base64'),
      },
    };
  },
  alter: (data, turn) => ({ ...data, validBeforeTime: new Date(Date.UTC(2030, 0, turn)).toISOString() }),
};

export const cryptoKeys: Kind = {
  assetType: 'cloudkms.googleapis.com/CryptoKey',
  type: 'gcp_cloudkms_crypto_key',
  version: 'v1',
  discovery: 'https://cloudkms.googleapis.com/$discovery/rest',
  growing: 6,
  make({ project, index, random }) {
    const path = keyOf(project, regionOf(random)).replace('key-0000', named('key', index));
    return {
      path,
      location: path.split('/')[3] ?? 'global',
      data: {
        name: path,
        purpose: 'ENCRYPT_DECRYPT',
        createTime: iso(random),
        labels: labelsFor(random),
        primary: {
          name: `${path}/cryptoKeyVersions/1`,
          state: random.pick('ENABLED', 'ENABLED', 'DESTROY_SCHEDULED'),
          algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION',
          protectionLevel: 'SOFTWARE',
        },
        versionTemplate: { algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION', protectionLevel: 'SOFTWARE' },
        ...(random.chance(0.6) ? { rotationPeriod: '7776000s', nextRotationTime: iso(random) } : {}),
      },
    };
  },
};

/** Not listed. */
export const keyRings: Kind = {
  assetType: 'cloudkms.googleapis.com/KeyRing',
  type: 'gcp_cloudkms_key_ring',
  version: 'v1',
  discovery: 'https://cloudkms.googleapis.com/$discovery/rest',
  growing: 0,
  fixed: 2,
  make({ project, index, random }) {
    const path = `projects/${project.projectId}/locations/us-central1/keyRings/${named('ring', index)}`;
    return { path, location: 'us-central1', data: { name: path, createTime: iso(random) } };
  },
  alter: (data, turn) => ({ ...data, createTime: new Date(Date.UTC(2024, 0, turn)).toISOString() }),
};

export const secrets: Kind = {
  assetType: 'secretmanager.googleapis.com/Secret',
  type: 'gcp_secretmanager_secret',
  version: 'v1',
  discovery: 'https://secretmanager.googleapis.com/$discovery/rest',
  growing: 15,
  make({ project, index, random }) {
    const path = `projects/${project.projectNumber}/secrets/${named('secret', index)}`;
    return {
      path,
      location: 'global',
      data: {
        name: path,
        createTime: iso(random),
        labels: labelsFor(random),
        annotations: { note: CANARY },
        replication: random.chance(0.7)
          ? { automatic: {} }
          : { userManaged: { replicas: [{ location: 'us-central1' }, { location: 'europe-west1' }] } },
        ...(random.chance(0.3) ? { rotation: { rotationPeriod: '2592000s', nextRotationTime: iso(random) } } : {}),
      },
    };
  },
};

/** Not listed; its data could carry the payload. */
export const apiKeys: Kind = {
  assetType: 'apikeys.googleapis.com/Key',
  type: 'gcp_apikeys_key',
  version: 'v2',
  discovery: 'https://apikeys.googleapis.com/$discovery/rest',
  growing: 3,
  make({ project, index, random }) {
    const path = `projects/${project.projectNumber}/locations/global/keys/${named('key', index)}`;
    return {
      path,
      location: 'global',
      data: {
        name: path,
        displayName: CANARY,
        keyString: CANARY,
        createTime: iso(random),
        annotations: { note: CANARY },
      },
    };
  },
  alter: (data, turn) => ({ ...data, createTime: new Date(Date.UTC(2024, 0, turn)).toISOString() }),
};
