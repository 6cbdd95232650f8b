import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { amount, fields, flag, labels, last, mapping, number, sealed, state, text, texts, time } from './mapping.ts';

const kmsKey = z.object({ kmsKeyName: text }).optional();

/** TERMINATED is a machine that was stopped and can be started again. */
const STATUS: Readonly<Record<string, string>> = { TERMINATED: 'stopped', STOPPED: 'stopped' };

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/instances */
export const instance = mapping(
  z.object({
    name: text,
    machineType: text,
    status: text,
    creationTimestamp: text,
    labels,
    canIpForward: flag,
    deletionProtection: flag,
    networkInterfaces: z
      .array(
        z.object({
          network: text,
          subnetwork: text,
          networkIP: text,
          accessConfigs: z.array(z.object({ natIP: text })).optional(),
          ipv6AccessConfigs: z.array(z.unknown()).optional(),
        }),
      )
      .optional(),
    serviceAccounts: z.array(z.object({ email: text })).optional(),
    shieldedInstanceConfig: z.object({ enableSecureBoot: flag }).optional(),
    confidentialInstanceConfig: z.object({ enableConfidentialCompute: flag }).optional(),
    disks: z.array(z.object({ diskEncryptionKey: kmsKey })).optional(),
  }),
  (data) => {
    const [first] = data.networkInterfaces ?? [];
    const isPublic = data.networkInterfaces?.some(
      (one) => (one.accessConfigs ?? []).length > 0 || (one.ipv6AccessConfigs ?? []).length > 0,
    );
    return {
      name: data.name,
      status: STATUS[data.status ?? ''] ?? state(data.status),
      tags: data.labels,
      createdAt: time(data.creationTimestamp),
      configuration: fields({
        machine_type: last(data.machineType),
        network: last(first?.network),
        subnetwork: last(first?.subnetwork),
        private_ip: first?.networkIP,
        public_ip: data.networkInterfaces?.flatMap((one) => one.accessConfigs ?? []).find((one) => one.natIP)?.natIP,
        // Whether the address can be reached is the firewalls' matter.
        public_address: known(isPublic),
        service_account: data.serviceAccounts?.[0]?.email,
        ip_forwarding: known(data.canIpForward),
        deletion_protection: known(data.deletionProtection),
        secure_boot: known(data.shieldedInstanceConfig?.enableSecureBoot),
        confidential: known(data.confidentialInstanceConfig?.enableConfidentialCompute),
        encrypted: 'yes',
        customer_keys: data.disks?.filter((one) => one.diskEncryptionKey?.kmsKeyName !== undefined).length,
      }),
    };
  },
);

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/disks */
export const disk = mapping(
  z.object({
    name: text,
    status: text,
    creationTimestamp: text,
    labels,
    sizeGb: amount,
    type: text,
    users: texts,
    sourceImage: text,
    diskEncryptionKey: kmsKey,
  }),
  (data) => ({
    name: data.name,
    status: state(data.status),
    tags: data.labels,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      size_gb: number(data.sizeGb),
      disk_type: last(data.type),
      source_image: last(data.sourceImage),
      attached_to: data.users?.map((user) => last(user) ?? user),
      ...sealed(data.diskEncryptionKey?.kmsKeyName),
    }),
  }),
);

/** Whom a snapshot is shared with is in its policy. @see https://cloud.google.com/compute/docs/reference/rest/v1/snapshots */
export const snapshot = mapping(
  z.object({
    name: text,
    status: text,
    creationTimestamp: text,
    labels,
    diskSizeGb: amount,
    storageBytes: amount,
    sourceDisk: text,
    storageLocations: texts,
    snapshotEncryptionKey: kmsKey,
  }),
  (data) => ({
    name: data.name,
    status: state(data.status),
    tags: data.labels,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      size_gb: number(data.diskSizeGb),
      stored_bytes: number(data.storageBytes),
      source_disk: last(data.sourceDisk),
      storage_locations: data.storageLocations,
      shared: 'unknown',
      shared_reason: 'whom it is shared with is in its policy, which is not read',
      ...sealed(data.snapshotEncryptionKey?.kmsKeyName),
    }),
  }),
);
