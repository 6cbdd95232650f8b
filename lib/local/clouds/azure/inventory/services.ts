import { CANARY } from '../../sample-cloud.ts';
import { done, type Kind } from './kind.ts';

/** Managed databases, logs, identities, and types that the mapping does not name. @see https://learn.microsoft.com/azure/templates/ for the properties of each; Resource Graph shows what a GET would. */
export const services: readonly Kind[] = [
  {
    type: 'Microsoft.DocumentDB/databaseAccounts',
    prefix: 'cosmos',
    perGroup: 1,
    make: ({ random }) => ({
      kind: 'GlobalDocumentDB',
      properties: {
        ...done,
        publicNetworkAccess: random.pick('Enabled', 'Disabled'),
        disableLocalAuth: random.chance(0.5),
        minimalTlsVersion: 'Tls12',
        enableAutomaticFailover: true,
        isVirtualNetworkFilterEnabled: random.chance(0.5),
        ipRules: [],
        locations: [{ locationName: 'West Europe', failoverPriority: 0 }],
        consistencyPolicy: { defaultConsistencyLevel: 'Session' },
        primaryMasterKey: CANARY,
      },
    }),
  },
  {
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    prefix: 'pg',
    perGroup: 1,
    make: ({ random }) => ({
      sku: { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' },
      properties: {
        state: random.pick('Ready', 'Stopped'),
        version: '16',
        administratorLogin: 'pgadmin',
        administratorLoginPassword: CANARY,
        fullyQualifiedDomainName: 'pg.postgres.database.azure.com',
        storage: { storageSizeGB: 128 },
        backup: { backupRetentionDays: 7, geoRedundantBackup: random.pick('Enabled', 'Disabled') },
        highAvailability: { mode: 'Disabled' },
        network: { publicNetworkAccess: random.pick('Enabled', 'Disabled') },
        authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: random.pick('Enabled', 'Disabled') },
        ...(random.chance(0.7) ? { dataEncryption: { type: 'SystemManaged' } } : {}),
      },
    }),
  },
  {
    type: 'Microsoft.Cache/redis',
    prefix: 'redis',
    perGroup: 1,
    make: ({ random }) => ({
      properties: {
        ...done,
        redisVersion: '6.0',
        sku: { name: 'Standard', family: 'C', capacity: 1 },
        hostName: 'redis.redis.cache.windows.net',
        enableNonSslPort: random.chance(0.2),
        minimumTlsVersion: '1.2',
        publicNetworkAccess: random.pick('Enabled', 'Disabled'),
        accessKeys: { primaryKey: CANARY, secondaryKey: CANARY },
      },
    }),
  },
  {
    type: 'Microsoft.OperationalInsights/workspaces',
    prefix: 'log',
    perGroup: 1,
    make: ({ random }) => ({
      properties: {
        ...done,
        sku: { name: 'pergb2018' },
        retentionInDays: random.pick(30, 90),
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: random.pick('Enabled', 'Disabled'),
        workspaceCapping: { dailyQuotaGb: -1 },
        createdDate: random.date().toISOString(),
      },
    }),
  },
  {
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    prefix: 'id',
    perGroup: 1,
    make: ({ random }) => ({
      properties: {
        tenantId: '00000000-0000-0000-0000-000000000000',
        clientId: random.hex(32),
        principalId: random.hex(32),
      },
    }),
  },
  {
    type: 'Microsoft.Insights/components',
    prefix: 'ai',
    perGroup: 1,
    make: () => ({
      kind: 'web',
      properties: { ...done, InstrumentationKey: CANARY, ConnectionString: `InstrumentationKey=${CANARY}` },
    }),
  },
  {
    type: 'Microsoft.ContainerInstance/containerGroups',
    prefix: 'ci',
    perGroup: 1,
    make: ({ random }) => ({
      properties: {
        provisioningState: random.pick('Succeeded', 'Failed'),
        containers: [{ name: 'main', properties: { environmentVariables: [{ name: 'TOKEN', value: CANARY }] } }],
      },
    }),
  },
  {
    type: 'Microsoft.Logic/workflows',
    prefix: 'logic',
    perGroup: 1,
    make: () => ({ properties: { ...done, state: 'Enabled', parameters: { $connections: { value: CANARY } } } }),
  },
  {
    type: 'Microsoft.ServiceBus/namespaces',
    prefix: 'sb',
    perGroup: 1,
    make: () => ({ sku: { name: 'Standard', tier: 'Standard' }, properties: { ...done, status: 'Active' } }),
  },
  {
    type: 'SendGrid.Email/accounts',
    prefix: 'mail',
    perGroup: 1,
    make: () => ({ properties: { ...done, password: CANARY } }),
  },
];
