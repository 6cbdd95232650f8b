/** What Cloud Asset Inventory's full asset types begin with, and what we call one of GKE instead of `container`. */
const GOOGLE = '.googleapis.com';

/**
 * The asset types whose fields a mapping names, and ours. Where GCP keeps regional and global kinds of one thing apart
 * (`Address`, `GlobalAddress`) they are one type here, told apart by their location.
 * @see https://cloud.google.com/asset-inventory/docs/asset-types
 */
export const mappedTypes = {
  'compute.googleapis.com/Instance': 'gcp_compute_instance',
  'storage.googleapis.com/Bucket': 'gcp_storage_bucket',
  'bigquery.googleapis.com/Dataset': 'gcp_bigquery_dataset',
  'container.googleapis.com/Cluster': 'gcp_gke_cluster',
  'compute.googleapis.com/Disk': 'gcp_compute_disk',
  'compute.googleapis.com/RegionDisk': 'gcp_compute_disk',
  'compute.googleapis.com/Network': 'gcp_compute_network',
  'compute.googleapis.com/Subnetwork': 'gcp_compute_subnetwork',
  'compute.googleapis.com/Firewall': 'gcp_compute_firewall',
  'compute.googleapis.com/ForwardingRule': 'gcp_compute_forwarding_rule',
  'compute.googleapis.com/GlobalForwardingRule': 'gcp_compute_forwarding_rule',
  'compute.googleapis.com/BackendService': 'gcp_compute_backend_service',
  'compute.googleapis.com/RegionBackendService': 'gcp_compute_backend_service',
  'compute.googleapis.com/Address': 'gcp_compute_address',
  'compute.googleapis.com/GlobalAddress': 'gcp_compute_address',
  'compute.googleapis.com/Snapshot': 'gcp_compute_snapshot',
  'sqladmin.googleapis.com/Instance': 'gcp_sqladmin_instance',
  'iam.googleapis.com/ServiceAccount': 'gcp_iam_service_account',
  'iam.googleapis.com/ServiceAccountKey': 'gcp_iam_service_account_key',
  'cloudresourcemanager.googleapis.com/Project': 'gcp_cloudresourcemanager_project',
  'run.googleapis.com/Service': 'gcp_run_service',
  'cloudfunctions.googleapis.com/Function': 'gcp_cloudfunctions_function',
  'cloudfunctions.googleapis.com/CloudFunction': 'gcp_cloudfunctions_cloud_function',
  'pubsub.googleapis.com/Topic': 'gcp_pubsub_topic',
  'pubsub.googleapis.com/Subscription': 'gcp_pubsub_subscription',
  'cloudkms.googleapis.com/CryptoKey': 'gcp_cloudkms_crypto_key',
  'secretmanager.googleapis.com/Secret': 'gcp_secretmanager_secret',
  'artifactregistry.googleapis.com/Repository': 'gcp_artifactregistry_repository',
  'dns.googleapis.com/ManagedZone': 'gcp_dns_managed_zone',
  'redis.googleapis.com/Instance': 'gcp_redis_instance',
} as const satisfies Record<string, string>;

export type MappedAssetType = keyof typeof mappedTypes;

export const isMapped = (assetType: string): assetType is MappedAssetType => Object.hasOwn(mappedTypes, assetType);

/** Every type that is promised or listed, each once. */
export const LISTED_TYPES = [...new Set(Object.values(mappedTypes))];

/**
 * What we call an asset type: an unlisted one is kept under `gcp_<service>_<kind>` rather than dropped.
 * `k8s.io/Node` is `gcp_k8s_io_node`.
 */
export function typeOf(assetType: string): string {
  if (isMapped(assetType)) return mappedTypes[assetType];
  const [service = '', ...kind] = assetType.split('/');
  const short = service.endsWith(GOOGLE) ? service.slice(0, -GOOGLE.length) : service;
  return `gcp_${snake(short)}_${snake(kind.join('_'))}`.slice(0, 128);
}

/** `TargetHTTPSProxy` -> `target_https_proxy`. */
const snake = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase();

/** What can be listed without Cloud Asset Inventory: by the API that lists it, the type and what it takes. */
export const fallbackTypes = {
  compute: { type: 'gcp_compute_instance', permission: 'compute.instances.list' },
  storage: { type: 'gcp_storage_bucket', permission: 'storage.buckets.list' },
  bigquery: { type: 'gcp_bigquery_dataset', permission: 'bigquery.datasets.get' },
  container: { type: 'gcp_gke_cluster', permission: 'container.clusters.list' },
} as const;
export type FallbackList = keyof typeof fallbackTypes;
