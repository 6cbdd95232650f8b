import { CANARY } from '../../sample-cloud.ts';
import { iso, type Kind, keyOf, labelsFor, named, regionOf } from './kind.ts';

export const buckets: Kind = {
  assetType: 'storage.googleapis.com/Bucket',
  type: 'gcp_storage_bucket',
  version: 'v1',
  discovery: 'https://www.googleapis.com/discovery/v1/apis/storage/v1/rest',
  growing: 25,
  make({ project, index, random }) {
    const name = named(`${project.projectId}-bucket`, index);
    return {
      path: name,
      location: 'us',
      data: {
        kind: 'storage#bucket',
        id: name,
        name,
        projectNumber: project.projectNumber,
        location: 'US',
        locationType: 'multi-region',
        storageClass: random.pick('STANDARD', 'NEARLINE'),
        timeCreated: iso(random),
        labels: labelsFor(random),
        iamConfiguration: {
          publicAccessPrevention: random.pick('enforced', 'inherited'),
          uniformBucketLevelAccess: { enabled: random.chance(0.8) },
        },
        versioning: { enabled: random.chance(0.5) },
        website: { mainPageSuffix: CANARY },
        ...(random.chance(0.3) ? { encryption: { defaultKmsKeyName: keyOf(project, 'us') } } : {}),
        ...(random.chance(0.2) ? { retentionPolicy: { retentionPeriod: '86400', isLocked: true } } : {}),
      },
    };
  },
};

export const datasets: Kind = {
  assetType: 'bigquery.googleapis.com/Dataset',
  type: 'gcp_bigquery_dataset',
  version: 'v2',
  discovery: 'https://www.googleapis.com/discovery/v1/apis/bigquery/v2/rest',
  growing: 8,
  make({ project, index, random }) {
    const datasetId = `dataset_${String(index).padStart(4, '0')}`;
    return {
      path: `projects/${project.projectId}/datasets/${datasetId}`,
      location: 'US',
      data: {
        kind: 'bigquery#dataset',
        id: `${project.projectId}:${datasetId}`,
        datasetReference: { projectId: project.projectId, datasetId },
        description: CANARY,
        location: 'US',
        creationTime: String(random.date().getTime()),
        labels: labelsFor(random),
        access: [
          { role: 'OWNER', specialGroup: 'projectOwners' },
          ...(random.chance(0.2) ? [{ role: 'READER', specialGroup: 'allAuthenticatedUsers' }] : []),
        ],
        ...(random.chance(0.3) ? { defaultEncryptionConfiguration: { kmsKeyName: keyOf(project, 'us') } } : {}),
      },
    };
  },
};

/** Not listed: a table's description and schema are the customer's business. */
export const tables: Kind = {
  assetType: 'bigquery.googleapis.com/Table',
  type: 'gcp_bigquery_table',
  version: 'v2',
  discovery: 'https://www.googleapis.com/discovery/v1/apis/bigquery/v2/rest',
  growing: 30,
  make({ project, index, random }) {
    const tableId = `table_${String(index).padStart(4, '0')}`;
    return {
      path: `projects/${project.projectId}/datasets/dataset_0000/tables/${tableId}`,
      location: 'US',
      data: {
        kind: 'bigquery#table',
        tableReference: { projectId: project.projectId, datasetId: 'dataset_0000', tableId },
        description: CANARY,
        creationTime: String(random.date().getTime()),
        labels: labelsFor(random),
        schema: { fields: [{ name: 'secret', type: 'STRING', description: CANARY }] },
      },
    };
  },
};

export const sqlInstances: Kind = {
  assetType: 'sqladmin.googleapis.com/Instance',
  type: 'gcp_sqladmin_instance',
  version: 'v1beta4',
  discovery: 'https://www.googleapis.com/discovery/v1/apis/sqladmin/v1beta4/rest',
  growing: 6,
  make({ project, index, random }) {
    const region = regionOf(random);
    const name = named('db', index);
    return {
      path: `projects/${project.projectId}/instances/${name}`,
      location: region,
      data: {
        kind: 'sql#instance',
        name,
        project: project.projectId,
        region,
        state: random.pick('RUNNABLE', 'RUNNABLE', 'MAINTENANCE'),
        createTime: iso(random),
        databaseVersion: random.pick('POSTGRES_16', 'MYSQL_8_0'),
        rootPassword: CANARY,
        serverCaCert: { cert: CANARY },
        settings: {
          tier: 'db-custom-2-7680',
          availabilityType: random.pick('ZONAL', 'REGIONAL'),
          activationPolicy: random.pick('ALWAYS', 'ALWAYS', 'NEVER'),
          dataDiskSizeGb: '100',
          userLabels: labelsFor(random),
          databaseFlags: [{ name: 'token', value: CANARY }],
          deletionProtectionEnabled: random.chance(0.5),
          ipConfiguration: {
            ipv4Enabled: random.chance(0.4),
            sslMode: random.pick('ENCRYPTED_ONLY', 'ALLOW_UNENCRYPTED_AND_ENCRYPTED'),
            authorizedNetworks: [{ value: '198.51.100.0/24', name: CANARY }],
          },
          backupConfiguration: { enabled: random.chance(0.8) },
        },
      },
    };
  },
  alter: (data, turn) => ({ ...data, databaseVersion: `POSTGRES_${10 + turn}` }),
};

export const redisInstances: Kind = {
  assetType: 'redis.googleapis.com/Instance',
  type: 'gcp_redis_instance',
  version: 'v1',
  discovery: 'https://redis.googleapis.com/$discovery/rest',
  growing: 2,
  make({ project, index, random }) {
    const region = regionOf(random);
    const path = `projects/${project.projectId}/locations/${region}/instances/${named('cache', index)}`;
    return {
      path,
      location: region,
      data: {
        name: path,
        state: 'READY',
        createTime: iso(random),
        labels: labelsFor(random),
        tier: 'STANDARD_HA',
        memorySizeGb: 4,
        redisVersion: 'REDIS_7_2',
        redisConfigs: { requirepass: CANARY },
        authEnabled: random.chance(0.5),
        transitEncryptionMode: random.pick('SERVER_AUTHENTICATION', 'DISABLED'),
        authorizedNetwork: `projects/${project.projectId}/global/networks/net-0000`,
      },
    };
  },
};

export const repositories: Kind = {
  assetType: 'artifactregistry.googleapis.com/Repository',
  type: 'gcp_artifactregistry_repository',
  version: 'v1',
  discovery: 'https://artifactregistry.googleapis.com/$discovery/rest',
  growing: 4,
  make({ project, index, random }) {
    const region = regionOf(random);
    const path = `projects/${project.projectId}/locations/${region}/repositories/${named('repo', index)}`;
    return {
      path,
      location: region,
      data: {
        name: path,
        description: CANARY,
        format: 'DOCKER',
        mode: 'STANDARD_REPOSITORY',
        createTime: iso(random),
        labels: labelsFor(random),
        sizeBytes: String(random.below(2 ** 31)),
        dockerConfig: { immutableTags: random.chance(0.3) },
      },
    };
  },
};

export const topics: Kind = {
  assetType: 'pubsub.googleapis.com/Topic',
  type: 'gcp_pubsub_topic',
  version: 'v1',
  discovery: 'https://pubsub.googleapis.com/$discovery/rest',
  growing: 15,
  make({ project, index, random }) {
    const path = `projects/${project.projectId}/topics/${named('topic', index)}`;
    return {
      path,
      location: 'global',
      data: {
        name: path,
        labels: labelsFor(random),
        state: 'ACTIVE',
        messageRetentionDuration: '86400s',
        ...(random.chance(0.3) ? { kmsKeyName: keyOf(project, 'us-central1') } : {}),
      },
    };
  },
};

export const subscriptions: Kind = {
  assetType: 'pubsub.googleapis.com/Subscription',
  type: 'gcp_pubsub_subscription',
  version: 'v1',
  discovery: 'https://pubsub.googleapis.com/$discovery/rest',
  growing: 20,
  make({ project, index, random }) {
    const path = `projects/${project.projectId}/subscriptions/${named('subscription', index)}`;
    const push = {
      pushEndpoint: `https://hooks.example.com/?token=${CANARY}`,
      attributes: { 'x-goog-version': CANARY },
    };
    return {
      path,
      location: 'global',
      data: {
        name: path,
        topic: `projects/${project.projectId}/topics/topic-0000`,
        labels: labelsFor(random),
        state: 'ACTIVE',
        ackDeadlineSeconds: 10,
        messageRetentionDuration: '604800s',
        pushConfig: random.chance(0.4) ? push : {},
      },
    };
  },
};
