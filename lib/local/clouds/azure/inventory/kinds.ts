import type { Random } from '../../aws/random.ts';
import { CANARY } from '../../sample-cloud.ts';

/** What a row is made with. Ids of others lead to the same resource group, whether or not they are there. */
export interface Making {
  readonly random: Random;
  readonly subscription: string;
  readonly group: string;
  /** Place in its resource group, among its kind. */
  readonly n: number;
  /** An id in the same resource group. */
  id(type: string, name: string): string;
}

/** The columns of a row that a kind decides; the others follow from where it is. */
export interface Made {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  readonly sku?: Readonly<Record<string, unknown>>;
  readonly location?: string;
  readonly zones?: readonly string[];
  readonly managedBy?: string;
  readonly identity?: Readonly<Record<string, unknown>>;
}

/** One of Azure's types as the sample has it. */
export interface Kind {
  /** With Azure's capitals, as ids have them. */
  readonly type: string;
  readonly prefix: string;
  /** How many a resource group has. */
  readonly perGroup: number;
  /** It is a child: the prefix of the parent, whose number it shares. */
  readonly parent?: string;
  make(making: Making): Made;
}

const done = { provisioningState: 'Succeeded' } as const;
const encryption = { type: 'EncryptionAtRestWithPlatformKey' } as const;
const NIC = 'Microsoft.Network/networkInterfaces';

/** @see https://learn.microsoft.com/azure/templates/ for the properties of each; Resource Graph shows what a GET would. */
export const KINDS: readonly Kind[] = [
  {
    type: 'Microsoft.Compute/virtualMachines',
    prefix: 'vm',
    perGroup: 3,
    make: ({ random, n, id }) => ({
      properties: {
        ...done,
        vmId: `${random.hex(8)}-0000-4000-8000-${random.hex(12)}`,
        hardwareProfile: { vmSize: random.pick('Standard_D2s_v5', 'Standard_B2ms', 'Standard_E4s_v5') },
        storageProfile: {
          osDisk: {
            osType: random.pick('Linux', 'Linux', 'Windows'),
            managedDisk: { id: id('Microsoft.Compute/disks', `disk-${n}`) },
          },
          imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        },
        osProfile: {
          adminUsername: 'azureuser',
          customData: CANARY,
          linuxConfiguration: {
            disablePasswordAuthentication: random.chance(0.8),
            ssh: { publicKeys: [{ keyData: CANARY }] },
          },
        },
        userData: CANARY,
        networkProfile: { networkInterfaces: [{ id: id(NIC, `nic-${n}`) }] },
        ...(random.chance(0.6)
          ? {
              securityProfile: {
                securityType: 'TrustedLaunch',
                encryptionAtHost: random.chance(0.5),
                uefiSettings: { secureBootEnabled: true },
              },
            }
          : {}),
        extended: {
          instanceView: {
            powerState: {
              code: random.pick(
                'PowerState/running',
                'PowerState/running',
                'PowerState/deallocated',
                'PowerState/starting',
              ),
              displayStatus: 'VM state',
            },
          },
        },
        timeCreated: random.date().toISOString(),
      },
      zones: [random.pick('1', '2', '3')],
      identity: { type: 'SystemAssigned', principalId: random.hex(32) },
    }),
  },
  {
    type: 'Microsoft.Compute/virtualMachines/extensions',
    prefix: 'ext',
    parent: 'vm',
    perGroup: 2,
    make: () => ({
      properties: {
        ...done,
        publisher: 'Microsoft.Azure.Extensions',
        settings: { commandToExecute: `./setup.sh ${CANARY}` },
        protectedSettings: { password: CANARY },
      },
    }),
  },
  {
    type: 'Microsoft.Compute/disks',
    prefix: 'disk',
    perGroup: 3,
    make: ({ random, n, id }) => ({
      properties: {
        ...done,
        diskSizeGB: random.pick(32, 64, 128),
        diskState: random.chance(0.8) ? 'Attached' : 'Unattached',
        osType: 'Linux',
        encryption: random.chance(0.9) ? encryption : {},
        networkAccessPolicy: random.pick('AllowAll', 'DenyAll'),
        publicNetworkAccess: random.pick('Enabled', 'Disabled'),
        timeCreated: random.date().toISOString(),
      },
      sku: { name: 'Premium_LRS', tier: 'Premium' },
      managedBy: id('Microsoft.Compute/virtualMachines', `vm-${n}`),
    }),
  },
  {
    type: 'Microsoft.Compute/snapshots',
    prefix: 'snap',
    perGroup: 1,
    make: ({ random, n, id }) => ({
      properties: {
        ...done,
        diskSizeGB: 64,
        incremental: random.chance(0.5),
        creationData: { createOption: 'Copy', sourceResourceId: id('Microsoft.Compute/disks', `disk-${n}`) },
        encryption,
        publicNetworkAccess: 'Disabled',
        timeCreated: random.date().toISOString(),
      },
      sku: { name: 'Standard_ZRS', tier: 'Standard' },
    }),
  },
  {
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    prefix: 'vmss',
    perGroup: 1,
    make: ({ random }) => ({
      properties: {
        ...done,
        orchestrationMode: random.pick('Uniform', 'Flexible'),
        upgradePolicy: { mode: 'Manual' },
        virtualMachineProfile: {
          osProfile: { computerNamePrefix: 'vmss', customData: CANARY },
          storageProfile: { osDisk: { osType: 'Linux' } },
          extensionProfile: { extensions: [{ properties: { settings: { script: CANARY } } }] },
          securityProfile: { encryptionAtHost: random.chance(0.5) },
          userData: CANARY,
        },
        timeCreated: random.date().toISOString(),
      },
      sku: { name: 'Standard_D2s_v5', tier: 'Standard', capacity: random.below(10) },
    }),
  },
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
  {
    type: 'Microsoft.Network/virtualNetworks',
    prefix: 'vnet',
    perGroup: 1,
    make: ({ random, n, id }) => ({
      properties: {
        ...done,
        addressSpace: { addressPrefixes: [`10.${random.below(200)}.0.0/16`] },
        subnets: [{ name: 'default', id: id('Microsoft.Network/virtualNetworks', `vnet-${n}/subnets/default`) }],
        virtualNetworkPeerings: [],
        enableDdosProtection: random.chance(0.2),
      },
    }),
  },
  {
    type: 'Microsoft.Network/networkSecurityGroups',
    prefix: 'nsg',
    perGroup: 1,
    make: ({ random, n, id }) => ({
      properties: {
        ...done,
        securityRules: [
          {
            name: 'in',
            properties: {
              direction: 'Inbound',
              access: 'Allow',
              protocol: 'Tcp',
              sourceAddressPrefix: random.pick('*', 'Internet', '10.0.0.0/8'),
              destinationPortRange: random.pick('22', '443'),
            },
          },
        ],
        networkInterfaces: [{ id: id(NIC, `nic-${n}`) }],
      },
    }),
  },
  {
    type: NIC,
    prefix: 'nic',
    perGroup: 3,
    make: ({ random, n, id }) => ({
      properties: {
        ...done,
        enableIPForwarding: random.chance(0.1),
        ipConfigurations: [
          {
            name: 'ipconfig1',
            properties: {
              privateIPAddress: `10.0.0.${4 + n}`,
              subnet: { id: id('Microsoft.Network/virtualNetworks', 'vnet-0/subnets/default') },
              ...(random.chance(0.3)
                ? { publicIPAddress: { id: id('Microsoft.Network/publicIPAddresses', 'pip-0') } }
                : {}),
            },
          },
        ],
        networkSecurityGroup: { id: id('Microsoft.Network/networkSecurityGroups', 'nsg-0') },
        virtualMachine: { id: id('Microsoft.Compute/virtualMachines', `vm-${n}`) },
      },
    }),
  },
  {
    type: 'Microsoft.Network/publicIPAddresses',
    prefix: 'pip',
    perGroup: 1,
    make: ({ random, id }) => ({
      sku: { name: 'Standard', tier: 'Regional' },
      properties: {
        ...done,
        ipAddress: `203.0.113.${random.below(255)}`,
        publicIPAllocationMethod: 'Static',
        publicIPAddressVersion: 'IPv4',
        ipConfiguration: { id: id(NIC, 'nic-0/ipConfigurations/ipconfig1') },
      },
    }),
  },
  {
    type: 'Microsoft.Network/loadBalancers',
    prefix: 'lb',
    perGroup: 1,
    make: ({ random, id }) => ({
      sku: { name: 'Standard', tier: 'Regional' },
      properties: {
        ...done,
        frontendIPConfigurations: [
          {
            name: 'front',
            properties: random.chance(0.5)
              ? { publicIPAddress: { id: id('Microsoft.Network/publicIPAddresses', 'pip-0') } }
              : { subnet: { id: id('Microsoft.Network/virtualNetworks', 'vnet-0/subnets/default') } },
          },
        ],
        backendAddressPools: [{ id: id('Microsoft.Network/loadBalancers', 'lb-0/backendAddressPools/back') }],
        loadBalancingRules: [],
      },
    }),
  },
  {
    type: 'Microsoft.Network/applicationGateways',
    prefix: 'agw',
    perGroup: 1,
    make: ({ random, id }) => ({
      properties: {
        ...done,
        sku: { name: 'WAF_v2', tier: 'WAF_v2' },
        operationalState: random.pick('Running', 'Stopped'),
        frontendIPConfigurations: [
          { properties: { publicIPAddress: { id: id('Microsoft.Network/publicIPAddresses', 'pip-0') } } },
        ],
        sslCertificates: [{ name: 'cert', properties: { data: CANARY, password: CANARY } }],
        webApplicationFirewallConfiguration: { enabled: random.chance(0.7), firewallMode: 'Prevention' },
        sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101' },
      },
    }),
  },
  {
    type: 'Microsoft.Network/privateEndpoints',
    prefix: 'pe',
    perGroup: 1,
    make: ({ id }) => ({
      properties: {
        ...done,
        subnet: { id: id('Microsoft.Network/virtualNetworks', 'vnet-0/subnets/default') },
        privateLinkServiceConnections: [
          {
            name: 'link',
            properties: { privateLinkServiceId: id('Microsoft.Sql/servers', 'sql-0'), groupIds: ['sqlServer'] },
          },
        ],
      },
    }),
  },
  {
    type: 'Microsoft.Network/routeTables',
    prefix: 'rt',
    perGroup: 1,
    make: () => ({ properties: { ...done, routes: [] } }),
  },
  {
    type: 'Microsoft.Network/dnsZones',
    prefix: 'zone',
    perGroup: 1,
    make: () => ({ location: 'global', properties: { numberOfRecordSets: 2 } }),
  },
  {
    type: 'Microsoft.Web/sites',
    prefix: 'app',
    perGroup: 1,
    make: ({ random, id }) => ({
      kind: random.pick('app', 'app,linux', 'functionapp'),
      properties: {
        state: random.pick('Running', 'Running', 'Stopped'),
        defaultHostName: 'app.azurewebsites.net',
        httpsOnly: random.chance(0.7),
        clientCertEnabled: random.chance(0.2),
        ...(random.chance(0.6)
          ? { publicNetworkAccess: random.pick('Enabled', 'Disabled') }
          : { publicNetworkAccess: null }),
        serverFarmId: id('Microsoft.Web/serverfarms', 'plan-0'),
        reserved: random.chance(0.5),
        siteConfig: {
          appSettings: [{ name: 'DATABASE_PASSWORD', value: CANARY }],
          connectionStrings: [{ name: 'db', connectionString: `Server=x;Password=${CANARY}` }],
        },
        customDomainVerificationId: CANARY,
      },
    }),
  },
  {
    type: 'Microsoft.Web/serverfarms',
    prefix: 'plan',
    perGroup: 1,
    make: ({ random }) => ({
      kind: 'linux',
      sku: { name: 'P1v3', tier: 'PremiumV3', capacity: 1 },
      properties: {
        ...done,
        status: 'Ready',
        numberOfWorkers: 1,
        numberOfSites: 1,
        reserved: true,
        zoneRedundant: random.chance(0.3),
      },
    }),
  },
  {
    type: 'Microsoft.KeyVault/vaults',
    prefix: 'kv',
    perGroup: 1,
    make: ({ random }) => ({
      properties: {
        ...done,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: random.chance(0.7),
        enableSoftDelete: true,
        ...(random.chance(0.5) ? { enablePurgeProtection: true } : {}),
        publicNetworkAccess: random.pick('Enabled', 'Disabled'),
        networkAcls: { bypass: 'None', defaultAction: 'Deny' },
        vaultUri: 'https://vault.vault.azure.net/',
      },
    }),
  },
  {
    type: 'Microsoft.ContainerService/managedClusters',
    prefix: 'aks',
    perGroup: 1,
    make: ({ random }) => ({
      sku: { name: 'Base', tier: random.pick('Free', 'Standard') },
      identity: { type: 'SystemAssigned' },
      properties: {
        ...done,
        kubernetesVersion: '1.33',
        currentKubernetesVersion: '1.33.4',
        powerState: { code: random.pick('Running', 'Stopped') },
        enableRBAC: true,
        disableLocalAccounts: random.chance(0.5),
        ...(random.chance(0.6) ? { apiServerAccessProfile: { enablePrivateCluster: random.chance(0.5) } } : {}),
        networkProfile: { networkPlugin: 'azure', networkPolicy: 'cilium' },
        agentPoolProfiles: [{ name: 'system', count: 3, vmSize: 'Standard_D4s_v5' }],
        windowsProfile: { adminUsername: 'azureuser', adminPassword: CANARY },
        servicePrincipalProfile: { clientId: 'msi', secret: CANARY },
      },
    }),
  },
  {
    type: 'Microsoft.ContainerRegistry/registries',
    prefix: 'cr',
    perGroup: 1,
    make: ({ random }) => ({
      sku: { name: 'Premium', tier: 'Premium' },
      properties: {
        ...done,
        loginServer: 'registry.azurecr.io',
        adminUserEnabled: random.chance(0.3),
        anonymousPullEnabled: random.chance(0.1),
        publicNetworkAccess: random.pick('Enabled', 'Disabled'),
        encryption: { status: 'disabled' },
        creationDate: random.date().toISOString(),
      },
    }),
  },
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
