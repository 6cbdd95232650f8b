import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { amount, fields, flag, labels, last, mapping, state, text, time } from './mapping.ts';

/** @see https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts */
export const serviceAccount = mapping(
  z.object({ email: text, displayName: text, disabled: flag, uniqueId: amount }),
  (data) => ({
    name: data.email,
    status: data.disabled === true ? 'disabled' : 'active',
    configuration: fields({
      email: data.email,
      display_name: data.displayName,
      unique_id: data.uniqueId === undefined ? undefined : String(data.uniqueId),
    }),
  }),
);

/** @see https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys */
export const serviceAccountKey = mapping(
  z.object({
    name: text,
    keyType: text,
    keyOrigin: text,
    keyAlgorithm: text,
    validAfterTime: text,
    validBeforeTime: text,
    disabled: flag,
  }),
  (data) => ({
    name: last(data.name),
    status: data.disabled === true ? 'disabled' : 'active',
    createdAt: time(data.validAfterTime),
    configuration: fields({
      service_account: data.name?.split('/').at(-3),
      managed_by: data.keyType === undefined ? undefined : data.keyType === 'USER_MANAGED' ? 'customer' : 'google',
      origin: data.keyOrigin?.toLowerCase(),
      algorithm: data.keyAlgorithm?.toLowerCase(),
      valid_until: time(data.validBeforeTime),
    }),
  }),
);

/** Version 1 tells its parent by type and id, version 3 by a name. @see https://cloud.google.com/resource-manager/reference/rest/v3/projects */
export const project = mapping(
  z.object({
    projectId: text,
    projectNumber: amount,
    name: text,
    displayName: text,
    lifecycleState: text,
    state: text,
    createTime: text,
    labels,
    parent: z.union([z.string(), z.object({ type: text, id: amount })]).optional(),
  }),
  (data) => ({
    name: data.displayName ?? data.projectId ?? data.name,
    status: state(data.state ?? data.lifecycleState),
    tags: data.labels,
    createdAt: time(data.createTime),
    configuration: fields({
      project_id: data.projectId,
      project_number: data.projectNumber === undefined ? undefined : String(data.projectNumber),
      parent:
        typeof data.parent === 'object' && data.parent.id !== undefined
          ? `${data.parent.type ?? 'unknown'}s/${data.parent.id}`
          : typeof data.parent === 'string'
            ? data.parent
            : undefined,
    }),
  }),
);

/** @see https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys */
export const cryptoKey = mapping(
  z.object({
    name: text,
    purpose: text,
    createTime: text,
    labels,
    rotationPeriod: text,
    nextRotationTime: text,
    primary: z.object({ state: text, algorithm: text, protectionLevel: text }).optional(),
    versionTemplate: z.object({ algorithm: text, protectionLevel: text }).optional(),
  }),
  (data) => ({
    name: last(data.name),
    status: state(data.primary?.state),
    tags: data.labels,
    createdAt: time(data.createTime),
    configuration: fields({
      key_ring: data.name?.split('/').at(-3),
      purpose: data.purpose?.toLowerCase(),
      algorithm: (data.primary?.algorithm ?? data.versionTemplate?.algorithm)?.toLowerCase(),
      protection_level: (data.primary?.protectionLevel ?? data.versionTemplate?.protectionLevel)?.toLowerCase(),
      rotated: data.rotationPeriod === undefined ? 'unknown' : 'yes',
      rotation_period: data.rotationPeriod,
      next_rotation: time(data.nextRotationTime),
    }),
  }),
);

const customerKey = z.object({ kmsKeyName: text }).optional();

/** Metadata only: what it holds is not in the answer. @see https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets */
export const secret = mapping(
  z.object({
    name: text,
    createTime: text,
    labels,
    expireTime: text,
    rotation: z.object({ rotationPeriod: text, nextRotationTime: text }).optional(),
    replication: z
      .object({
        automatic: z.object({ customerManagedEncryption: customerKey }).optional(),
        userManaged: z
          .object({
            replicas: z.array(z.object({ location: text, customerManagedEncryption: customerKey })).optional(),
          })
          .optional(),
      })
      .optional(),
  }),
  ({ replication, ...data }) => {
    const replicas = replication?.userManaged?.replicas;
    const key =
      replication?.automatic?.customerManagedEncryption?.kmsKeyName ??
      replicas?.find((one) => one.customerManagedEncryption !== undefined)?.customerManagedEncryption?.kmsKeyName;
    return {
      name: last(data.name),
      tags: data.labels,
      createdAt: time(data.createTime),
      configuration: fields({
        replication: replicas === undefined ? 'automatic' : 'user_managed',
        replicas: replicas?.flatMap(({ location }) => location ?? []),
        encrypted: 'yes',
        encryption: key === undefined ? 'google' : 'customer',
        kms_key: key,
        rotated: data.rotation === undefined ? 'unknown' : known(data.rotation.rotationPeriod !== undefined),
        rotation_period: data.rotation?.rotationPeriod,
        expires: time(data.expireTime),
      }),
    };
  },
);
