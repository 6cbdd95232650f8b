import { known } from '../../../domain/resource.ts';
import { azureType, fields, flag, list, not, number, object, oneOf, publicNetwork, text, time } from './shapes.ts';

/** Online and the like -> ours; others stand as they are, in lower case. */
const STATE: Readonly<Record<string, string>> = {
  online: 'active',
  ready: 'active',
  running: 'active',
  paused: 'stopped',
  stopped: 'stopped',
};
const state = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : (STATE[word.toLowerCase()] ?? word.toLowerCase());

/** @see https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts */
export const storageAccount = azureType(
  {
    accessTier: text,
    allowBlobPublicAccess: flag,
    allowSharedKeyAccess: flag,
    supportsHttpsTrafficOnly: flag,
    minimumTlsVersion: text,
    publicNetworkAccess: text,
    isHnsEnabled: flag,
    networkAcls: object({ defaultAction: text }),
    encryption: object({ keySource: text, services: object({ blob: object({ enabled: flag }) }) }),
    creationTime: text,
  },
  (one, row) => ({
    createdAt: time(one.creationTime),
    configuration: fields({
      sku: row.sku?.name,
      kind: row.kind,
      access_tier: one.accessTier,
      public: one.allowBlobPublicAccess === false ? 'no' : 'unknown',
      public_reason:
        one.allowBlobPublicAccess === false ? undefined : 'each container decides, and the row does not say',
      public_blobs_allowed: known(one.allowBlobPublicAccess),
      public_network: publicNetwork(one.publicNetworkAccess),
      network_default: one.networkAcls?.defaultAction,
      encrypted: known(one.encryption?.services?.blob?.enabled),
      key_source: one.encryption?.keySource,
      https_only: known(one.supportsHttpsTrafficOnly),
      minimum_tls: one.minimumTlsVersion,
      shared_key_access: known(one.allowSharedKeyAccess),
      hierarchical: known(one.isHnsEnabled),
    }),
  }),
);

export const sqlServer = azureType(
  {
    state: text,
    version: text,
    fullyQualifiedDomainName: text,
    publicNetworkAccess: text,
    minimalTlsVersion: text,
    administrators: object({ azureADOnlyAuthentication: flag }),
  },
  (one, row) => ({
    status: state(one.state),
    configuration: fields({
      version: one.version,
      host: one.fullyQualifiedDomainName,
      public: publicNetwork(one.publicNetworkAccess),
      minimum_tls: one.minimalTlsVersion,
      entra_only: known(one.administrators?.azureADOnlyAuthentication),
      identity: row.identity?.type,
    }),
  }),
);

export const sqlDatabase = azureType(
  {
    status: text,
    currentServiceObjectiveName: text,
    maxSizeBytes: number,
    zoneRedundant: flag,
    requestedBackupStorageRedundancy: text,
    creationDate: text,
  },
  (one, row) => ({
    status: state(one.status),
    createdAt: time(one.creationDate),
    configuration: fields({
      sku: row.sku?.name,
      service_objective: one.currentServiceObjectiveName,
      max_bytes: one.maxSizeBytes,
      zone_redundant: known(one.zoneRedundant),
      backup_redundancy: one.requestedBackupStorageRedundancy,
      encrypted: 'unknown',
      encrypted_reason: 'transparent data encryption is a setting of its own, which the row does not hold',
    }),
  }),
);

export const cosmosAccount = azureType(
  {
    publicNetworkAccess: text,
    disableLocalAuth: flag,
    minimalTlsVersion: text,
    keyVaultKeyUri: text,
    enableAutomaticFailover: flag,
    isVirtualNetworkFilterEnabled: flag,
    ipRules: list(object({ ipAddressOrRange: text })),
    locations: list(object({ locationName: text })),
    consistencyPolicy: object({ defaultConsistencyLevel: text }),
  },
  (one, row) => ({
    configuration: fields({
      kind: row.kind,
      public: publicNetwork(one.publicNetworkAccess),
      network_filter: known(one.isVirtualNetworkFilterEnabled),
      ip_rules: one.ipRules?.length,
      // Always encrypted; a key of the customer's is named where there is one.
      key: one.keyVaultKeyUri,
      local_auth: known(not(one.disableLocalAuth)),
      minimum_tls: one.minimalTlsVersion,
      automatic_failover: known(one.enableAutomaticFailover),
      consistency: one.consistencyPolicy?.defaultConsistencyLevel,
      locations: one.locations?.flatMap((place) => (place?.locationName === undefined ? [] : [place.locationName])),
    }),
  }),
);

export const postgresqlServer = azureType(
  {
    state: text,
    version: text,
    fullyQualifiedDomainName: text,
    storage: object({ storageSizeGB: number }),
    backup: object({ backupRetentionDays: number, geoRedundantBackup: text }),
    highAvailability: object({ mode: text }),
    network: object({ publicNetworkAccess: text, delegatedSubnetResourceId: text }),
    authConfig: object({ activeDirectoryAuth: text, passwordAuth: text }),
    dataEncryption: object({ type: text }),
  },
  (one, row) => ({
    status: state(one.state),
    configuration: fields({
      version: one.version,
      sku: row.sku?.name,
      tier: row.sku?.tier,
      host: one.fullyQualifiedDomainName,
      storage_gb: one.storage?.storageSizeGB,
      public: publicNetwork(one.network?.publicNetworkAccess),
      subnet: one.network?.delegatedSubnetResourceId,
      encrypted: one.dataEncryption?.type === undefined ? 'unknown' : 'yes',
      encryption_type: one.dataEncryption?.type,
      high_availability: one.highAvailability?.mode,
      backup_days: one.backup?.backupRetentionDays,
      geo_backup: oneOf(one.backup?.geoRedundantBackup, 'Enabled', 'Disabled'),
      password_login: oneOf(one.authConfig?.passwordAuth, 'Enabled', 'Disabled'),
    }),
  }),
);

export const redis = azureType(
  {
    redisVersion: text,
    sku: object({ name: text, capacity: number }),
    hostName: text,
    enableNonSslPort: flag,
    minimumTlsVersion: text,
    publicNetworkAccess: text,
    subnetId: text,
    disableAccessKeyAuthentication: flag,
  },
  (one) => ({
    configuration: fields({
      version: one.redisVersion,
      sku: one.sku?.name,
      capacity: one.sku?.capacity,
      host: one.hostName,
      public: publicNetwork(one.publicNetworkAccess),
      subnet: one.subnetId,
      plain_text_port: known(one.enableNonSslPort),
      minimum_tls: one.minimumTlsVersion,
      key_access: known(not(one.disableAccessKeyAuthentication)),
    }),
  }),
);

/** What is in a workspace is data; the row holds its settings. */
export const logWorkspace = azureType(
  {
    sku: object({ name: text }),
    retentionInDays: number,
    publicNetworkAccessForIngestion: text,
    publicNetworkAccessForQuery: text,
    workspaceCapping: object({ dailyQuotaGb: number }),
    createdDate: text,
  },
  (one) => ({
    createdAt: time(one.createdDate),
    configuration: fields({
      sku: one.sku?.name,
      retention_days: one.retentionInDays,
      public_ingestion: publicNetwork(one.publicNetworkAccessForIngestion),
      public_query: publicNetwork(one.publicNetworkAccessForQuery),
      // -1 stands for no limit.
      daily_gb: one.workspaceCapping?.dailyQuotaGb === -1 ? undefined : one.workspaceCapping?.dailyQuotaGb,
    }),
  }),
);
