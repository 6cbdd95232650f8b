import { isMapped, type MappedAssetType } from '../types.ts';
import * as compute from './compute.ts';
import * as data from './data.ts';
import * as identity from './identity.ts';
import type { Mapping } from './mapping.ts';
import * as messaging from './messaging.ts';
import * as network from './network.ts';
import { unlisted } from './unlisted.ts';
import * as workloads from './workloads.ts';

/** REGISTRY: every asset type that `types.ts` names, and what is read of its data. */
const mappings: Readonly<Record<MappedAssetType, Mapping>> = {
  'compute.googleapis.com/Instance': compute.instance,
  'storage.googleapis.com/Bucket': data.bucket,
  'bigquery.googleapis.com/Dataset': data.dataset,
  'container.googleapis.com/Cluster': workloads.cluster,
  'compute.googleapis.com/Disk': compute.disk,
  'compute.googleapis.com/RegionDisk': compute.disk,
  'compute.googleapis.com/Network': network.network,
  'compute.googleapis.com/Subnetwork': network.subnetwork,
  'compute.googleapis.com/Firewall': network.firewall,
  'compute.googleapis.com/ForwardingRule': network.forwardingRule,
  'compute.googleapis.com/GlobalForwardingRule': network.forwardingRule,
  'compute.googleapis.com/BackendService': network.backendService,
  'compute.googleapis.com/RegionBackendService': network.backendService,
  'compute.googleapis.com/Address': network.address,
  'compute.googleapis.com/GlobalAddress': network.address,
  'compute.googleapis.com/Snapshot': compute.snapshot,
  'sqladmin.googleapis.com/Instance': data.sqlInstance,
  'iam.googleapis.com/ServiceAccount': identity.serviceAccount,
  'iam.googleapis.com/ServiceAccountKey': identity.serviceAccountKey,
  'cloudresourcemanager.googleapis.com/Project': identity.project,
  'run.googleapis.com/Service': workloads.runService,
  'cloudfunctions.googleapis.com/Function': workloads.functionV2,
  'cloudfunctions.googleapis.com/CloudFunction': workloads.cloudFunction,
  'pubsub.googleapis.com/Topic': messaging.topic,
  'pubsub.googleapis.com/Subscription': messaging.subscription,
  'cloudkms.googleapis.com/CryptoKey': identity.cryptoKey,
  'secretmanager.googleapis.com/Secret': identity.secret,
  'artifactregistry.googleapis.com/Repository': messaging.repository,
  'dns.googleapis.com/ManagedZone': network.managedZone,
  'redis.googleapis.com/Instance': data.redisInstance,
};

export const mappingOf = (assetType: string): Mapping => (isMapped(assetType) ? mappings[assetType] : unlisted);
