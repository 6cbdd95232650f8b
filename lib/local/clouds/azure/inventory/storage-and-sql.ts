import { CANARY } from '../../sample-cloud.ts';
import { done, type Kind } from './kind.ts';

/** Storage accounts and SQL servers with their databases. @see https://learn.microsoft.com/azure/templates/ for the properties of each; Resource Graph shows what a GET would. */
export const storageAndSql: readonly Kind[] = [
  {
    type: 'Microsoft.Storage/storageAccounts',
    prefix: 'st',
    perGroup: 2,
    make: ({ random }) => ({
      kind: 'StorageV2',
      sku: { name: random.pick('Standard_LRS', 'Standard_GRS'), tier: 'Standard' },
      properties: {
        ...done,
        accessTier: 'Hot',
        ...(random.chance(0.8) ? { allowBlobPublicAccess: random.chance(0.3) } : {}),
        ...(random.chance(0.5) ? { allowSharedKeyAccess: random.chance(0.7) } : {}),
        supportsHttpsTrafficOnly: random.chance(0.9),
        minimumTlsVersion: random.pick('TLS1_2', 'TLS1_0'),
        ...(random.chance(0.7) ? { publicNetworkAccess: random.pick('Enabled', 'Disabled') } : {}),
        networkAcls: { bypass: 'AzureServices', defaultAction: random.pick('Allow', 'Deny'), ipRules: [] },
        encryption: {
          keySource: 'Microsoft.Storage',
          services: { blob: { enabled: true, keyType: 'Account' }, file: { enabled: true, keyType: 'Account' } },
        },
        keys: [{ keyName: 'key1', value: CANARY }],
        creationTime: random.date().toISOString(),
      },
    }),
  },
  {
    type: 'Microsoft.Sql/servers',
    prefix: 'sql',
    perGroup: 1,
    make: ({ random, group }) => ({
      kind: 'v12.0',
      properties: {
        state: 'Ready',
        version: '12.0',
        administratorLogin: 'sqladmin',
        administratorLoginPassword: CANARY,
        fullyQualifiedDomainName: `${group}.database.windows.net`,
        publicNetworkAccess: random.pick('Enabled', 'Disabled'),
        minimalTlsVersion: random.pick('1.2', 'None'),
        ...(random.chance(0.5) ? { administrators: { azureADOnlyAuthentication: random.chance(0.5) } } : {}),
      },
    }),
  },
  {
    type: 'Microsoft.Sql/servers/databases',
    prefix: 'db',
    parent: 'sql',
    perGroup: 1,
    make: ({ random }) => ({
      kind: 'v12.0,user,vcore',
      sku: { name: 'GP_S_Gen5', tier: 'GeneralPurpose', capacity: 2 },
      properties: {
        status: random.pick('Online', 'Online', 'Paused'),
        currentServiceObjectiveName: 'GP_S_Gen5_2',
        maxSizeBytes: 34_359_738_368,
        zoneRedundant: random.chance(0.2),
        requestedBackupStorageRedundancy: 'Geo',
        creationDate: random.date().toISOString(),
      },
    }),
  },
];
