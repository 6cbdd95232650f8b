import * as z from 'zod';
import { type Answer, known } from '../../../domain/resource.ts';
import { amount, fields, flag, labels, last, mapping, number, sealed, state, text, time } from './mapping.ts';

/** @see https://cloud.google.com/storage/docs/json_api/v1/buckets */
export const bucket = mapping(
  z.object({
    name: text,
    timeCreated: text,
    labels,
    locationType: text,
    storageClass: text,
    iamConfiguration: z
      .object({
        publicAccessPrevention: text,
        uniformBucketLevelAccess: z.object({ enabled: flag }).optional(),
      })
      .optional(),
    encryption: z.object({ defaultKmsKeyName: text }).optional(),
    versioning: z.object({ enabled: flag }).optional(),
    retentionPolicy: z.object({ retentionPeriod: amount, isLocked: flag }).optional(),
  }),
  (data) => {
    const isPrevented = data.iamConfiguration?.publicAccessPrevention === 'enforced';
    return {
      name: data.name,
      tags: data.labels,
      createdAt: time(data.timeCreated),
      configuration: fields({
        location_type: data.locationType,
        storage_class: data.storageClass?.toLowerCase(),
        public: isPrevented ? 'no' : 'unknown',
        public_reason: isPrevented ? undefined : 'who may read it is in its policy, which is not read',
        public_access_prevention: data.iamConfiguration?.publicAccessPrevention,
        uniform_access: known(data.iamConfiguration?.uniformBucketLevelAccess?.enabled),
        versioning: known(data.versioning?.enabled),
        retention_seconds: number(data.retentionPolicy?.retentionPeriod),
        retention_locked: known(data.retentionPolicy?.isLocked),
        ...sealed(data.encryption?.defaultKmsKeyName),
      }),
    };
  },
);

const EVERYBODY: readonly string[] = ['allAuthenticatedUsers', 'allUsers'];

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets */
export const dataset = mapping(
  z.object({
    datasetReference: z.object({ datasetId: text }).optional(),
    creationTime: text,
    labels,
    defaultTableExpirationMs: amount,
    defaultEncryptionConfiguration: z.object({ kmsKeyName: text }).optional(),
    access: z.array(z.object({ specialGroup: text, iamMember: text })).optional(),
  }),
  (data) => {
    const isPublic = data.access?.some(
      ({ specialGroup, iamMember }) => EVERYBODY.includes(specialGroup ?? '') || EVERYBODY.includes(iamMember ?? ''),
    );
    const expires = number(data.defaultTableExpirationMs);
    return {
      name: data.datasetReference?.datasetId,
      tags: data.labels,
      createdAt: time(data.creationTime),
      configuration: fields({
        public: isPublic === true ? 'yes' : 'unknown',
        public_reason: isPublic === true ? undefined : 'roles granted at the project count too, and are not read',
        grants: data.access?.length,
        default_table_expiration_days: expires === undefined ? undefined : expires / 86_400_000,
        ...sealed(data.defaultEncryptionConfiguration?.kmsKeyName),
      }),
    };
  },
);

/** @see https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances */
export const sqlInstance = mapping(
  z.object({
    name: text,
    state: text,
    createTime: text,
    databaseVersion: text,
    diskEncryptionConfiguration: z.object({ kmsKeyName: text }).optional(),
    settings: z
      .object({
        tier: text,
        availabilityType: text,
        activationPolicy: text,
        dataDiskSizeGb: amount,
        userLabels: labels,
        deletionProtectionEnabled: flag,
        ipConfiguration: z
          .object({
            ipv4Enabled: flag,
            requireSsl: flag,
            sslMode: text,
            privateNetwork: text,
            authorizedNetworks: z.array(z.object({ value: text })).optional(),
          })
          .optional(),
        backupConfiguration: z.object({ enabled: flag }).optional(),
      })
      .optional(),
  }),
  ({ settings, ...data }) => ({
    name: data.name,
    // A stopped instance is runnable too; that it shall not run is what tells.
    status: settings?.activationPolicy === 'NEVER' ? 'stopped' : state(data.state),
    tags: settings?.userLabels,
    createdAt: time(data.createTime),
    configuration: fields({
      engine: data.databaseVersion?.toLowerCase(),
      tier: settings?.tier,
      availability: settings?.availabilityType?.toLowerCase(),
      disk_gb: number(settings?.dataDiskSizeGb),
      public_address: known(settings?.ipConfiguration?.ipv4Enabled),
      authorized_networks: settings?.ipConfiguration?.authorizedNetworks?.flatMap(({ value }) => value ?? []),
      network: last(settings?.ipConfiguration?.privateNetwork),
      ssl_mode: settings?.ipConfiguration?.sslMode?.toLowerCase(),
      ssl_required: sslRequired(settings?.ipConfiguration),
      backups: known(settings?.backupConfiguration?.enabled),
      deletion_protection: known(settings?.deletionProtectionEnabled),
      ...sealed(data.diskEncryptionConfiguration?.kmsKeyName),
    }),
  }),
);

function sslRequired(
  of: { readonly requireSsl?: boolean | undefined; readonly sslMode?: string | undefined } | undefined,
): Answer {
  if (of?.sslMode === undefined || of.sslMode === 'SSL_MODE_UNSPECIFIED') return known(of?.requireSsl);
  return of.sslMode === 'ALLOW_UNENCRYPTED_AND_ENCRYPTED' ? 'no' : 'yes';
}

/** @see https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances */
export const redisInstance = mapping(
  z.object({
    name: text,
    displayName: text,
    state: text,
    createTime: text,
    labels,
    tier: text,
    memorySizeGb: amount,
    redisVersion: text,
    authorizedNetwork: text,
    authEnabled: flag,
    transitEncryptionMode: text,
    customerManagedKey: text,
    readReplicasMode: text,
  }),
  (data) => ({
    name: data.displayName ?? last(data.name),
    status: state(data.state),
    tags: data.labels,
    createdAt: time(data.createTime),
    configuration: fields({
      engine: data.redisVersion?.toLowerCase(),
      tier: data.tier?.toLowerCase(),
      memory_gb: number(data.memorySizeGb),
      network: last(data.authorizedNetwork),
      auth: known(data.authEnabled),
      encrypted_in_transit: known(
        data.transitEncryptionMode === undefined ? undefined : data.transitEncryptionMode === 'SERVER_AUTHENTICATION',
      ),
      ...sealed(data.customerManagedKey),
    }),
  }),
);
