import * as z from 'zod';
import { type Answer, known } from '../../../domain/resource.ts';
import { amount, fields, flag, labels, last, mapping, number, sealed, state, text, time } from './mapping.ts';

/** @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
export const cluster = mapping(
  z.object({
    name: text,
    status: text,
    createTime: text,
    resourceLabels: labels,
    currentMasterVersion: text,
    currentNodeCount: amount,
    network: text,
    subnetwork: text,
    releaseChannel: z.object({ channel: text }).optional(),
    autopilot: z.object({ enabled: flag }).optional(),
    privateClusterConfig: z.object({ enablePrivateNodes: flag, enablePrivateEndpoint: flag }).optional(),
    masterAuthorizedNetworksConfig: z.object({ enabled: flag }).optional(),
    databaseEncryption: z.object({ state: text, keyName: text }).optional(),
    workloadIdentityConfig: z.object({ workloadPool: text }).optional(),
    legacyAbac: z.object({ enabled: flag }).optional(),
    networkPolicy: z.object({ enabled: flag }).optional(),
    shieldedNodes: z.object({ enabled: flag }).optional(),
  }),
  (data) => {
    const isPrivate = data.privateClusterConfig?.enablePrivateEndpoint;
    return {
      name: data.name,
      status: state(data.status),
      tags: data.resourceLabels,
      createdAt: time(data.createTime),
      configuration: fields({
        version: data.currentMasterVersion,
        nodes: number(data.currentNodeCount),
        release_channel: data.releaseChannel?.channel?.toLowerCase(),
        autopilot: known(data.autopilot?.enabled),
        network: last(data.network),
        subnetwork: last(data.subnetwork),
        public_endpoint: known(isPrivate === undefined ? undefined : !isPrivate),
        private_nodes: known(data.privateClusterConfig?.enablePrivateNodes),
        authorized_networks: known(data.masterAuthorizedNetworksConfig?.enabled),
        secrets_encrypted: secretsEncrypted(data.databaseEncryption?.state),
        workload_identity: known(
          data.workloadIdentityConfig === undefined
            ? undefined
            : data.workloadIdentityConfig.workloadPool !== undefined,
        ),
        legacy_abac: known(data.legacyAbac?.enabled),
        network_policy: known(data.networkPolicy?.enabled),
        shielded_nodes: known(data.shieldedNodes?.enabled),
      }),
    };
  },
);

/** By a key of the customer, in etcd; the disks below are sealed in any case. */
const secretsEncrypted = (word: string | undefined): Answer =>
  known(word === 'ENCRYPTED' ? true : word === 'DECRYPTED' ? false : undefined);

const INGRESS = 'run.googleapis.com/ingress';
const containers = z.array(z.object({ image: text })).optional();

/**
 * Both versions of the API are met: 1 in Kubernetes' form, 2 in Google's. Environments are never read.
 * @see https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services
 * @see https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
 */
export const runService = mapping(
  z.object({
    metadata: z
      .object({ name: text, labels, creationTimestamp: text, annotations: z.object({ [INGRESS]: text }).optional() })
      .optional(),
    spec: z
      .object({
        template: z.object({ spec: z.object({ serviceAccountName: text, containers }).optional() }).optional(),
      })
      .optional(),
    status: z.object({ url: text, conditions: z.array(z.object({ type: text, status: text })).optional() }).optional(),
    name: text,
    labels,
    createTime: text,
    ingress: text,
    uri: text,
    template: z.object({ serviceAccount: text, containers, encryptionKey: text }).optional(),
    terminalCondition: z.object({ state: text }).optional(),
  }),
  (data) => {
    const ready = data.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    const ingress = (data.metadata?.annotations?.[INGRESS] ?? data.ingress)
      ?.toLowerCase()
      .replace('ingress_traffic_', '');
    const images = (data.spec?.template?.spec?.containers ?? data.template?.containers)?.flatMap(
      ({ image }) => image ?? [],
    );
    const failed = ready === 'False' || data.terminalCondition?.state === 'CONDITION_FAILED';
    return {
      name: data.metadata?.name ?? last(data.name),
      status: failed ? 'failed' : 'active',
      tags: data.metadata?.labels ?? data.labels,
      createdAt: time(data.metadata?.creationTimestamp ?? data.createTime),
      configuration: fields({
        images,
        service_account: data.spec?.template?.spec?.serviceAccountName ?? data.template?.serviceAccount,
        url: data.status?.url ?? data.uri,
        ingress,
        // Who may call it is in its policy besides.
        reachable_from_internet: known(ingress === undefined ? undefined : ingress === 'all'),
      }),
    };
  },
);

const reach = (ingress: string | undefined): Answer =>
  known(ingress === undefined || ingress === 'INGRESS_SETTINGS_UNSPECIFIED' ? undefined : ingress === 'ALLOW_ALL');

/** First generation. @see https://cloud.google.com/functions/docs/reference/rest/v1/projects.locations.functions */
export const cloudFunction = mapping(
  z.object({
    name: text,
    status: text,
    runtime: text,
    updateTime: text,
    labels,
    availableMemoryMb: amount,
    ingressSettings: text,
    serviceAccountEmail: text,
    vpcConnector: text,
    kmsKeyName: text,
    httpsTrigger: z.object({ securityLevel: text }).optional(),
  }),
  (data) => ({
    name: last(data.name),
    status: state(data.status),
    tags: data.labels,
    configuration: fields({
      generation: 1,
      runtime: data.runtime,
      memory_mb: number(data.availableMemoryMb),
      trigger: data.httpsTrigger === undefined ? 'event' : 'https',
      https_only: known(
        data.httpsTrigger?.securityLevel === undefined
          ? undefined
          : data.httpsTrigger.securityLevel === 'SECURE_ALWAYS',
      ),
      ingress: data.ingressSettings?.toLowerCase(),
      reachable_from_internet: reach(data.ingressSettings),
      service_account: data.serviceAccountEmail,
      vpc_connector: last(data.vpcConnector),
      ...sealed(data.kmsKeyName),
    }),
  }),
);

/** Second generation. @see https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions */
export const functionV2 = mapping(
  z.object({
    name: text,
    state: text,
    environment: text,
    createTime: text,
    labels,
    kmsKeyName: text,
    buildConfig: z.object({ runtime: text }).optional(),
    serviceConfig: z
      .object({ ingressSettings: text, serviceAccountEmail: text, vpcConnector: text, availableMemory: text })
      .optional(),
    eventTrigger: z.object({ eventType: text }).optional(),
  }),
  (data) => ({
    name: last(data.name),
    status: state(data.state),
    tags: data.labels,
    createdAt: time(data.createTime),
    configuration: fields({
      generation: data.environment === undefined ? undefined : data.environment === 'GEN_1' ? 1 : 2,
      runtime: data.buildConfig?.runtime,
      memory: data.serviceConfig?.availableMemory,
      trigger: data.eventTrigger === undefined ? 'https' : 'event',
      ingress: data.serviceConfig?.ingressSettings?.toLowerCase(),
      reachable_from_internet: reach(data.serviceConfig?.ingressSettings),
      service_account: data.serviceConfig?.serviceAccountEmail,
      vpc_connector: last(data.serviceConfig?.vpcConnector),
      ...sealed(data.kmsKeyName),
    }),
  }),
);
