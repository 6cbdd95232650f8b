import { CANARY } from '../../sample-cloud.ts';
import { done, type Kind } from './kind.ts';

/** Where applications run, and their keys and images. @see https://learn.microsoft.com/azure/templates/ for the properties of each; Resource Graph shows what a GET would. */
export const platform: readonly Kind[] = [
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
];
