import * as compute from './compute.ts';
import * as data from './data.ts';
import type { ArmType } from './names.ts';
import * as network from './network.ts';
import * as others from './others.ts';
import type { AzureType } from './shapes.ts';

/** REGISTRY: the mapping of every type that has a name in `names.ts`. */
const table: Readonly<Record<ArmType, AzureType>> = {
  'Microsoft.Compute/virtualMachines': compute.virtualMachine,
  'Microsoft.Storage/storageAccounts': data.storageAccount,
  'Microsoft.Sql/servers': data.sqlServer,
  'Microsoft.Resources/subscriptions/resourceGroups': others.resourceGroup,
  'Microsoft.Resources/subscriptions': others.subscription,
  'Microsoft.Compute/disks': compute.disk,
  'Microsoft.Compute/snapshots': compute.snapshot,
  'Microsoft.Compute/virtualMachineScaleSets': compute.scaleSet,
  'Microsoft.Network/virtualNetworks': network.virtualNetwork,
  'Microsoft.Network/networkSecurityGroups': network.networkSecurityGroup,
  'Microsoft.Network/networkInterfaces': network.networkInterface,
  'Microsoft.Network/publicIPAddresses': network.publicIpAddress,
  'Microsoft.Network/loadBalancers': network.loadBalancer,
  'Microsoft.Network/applicationGateways': network.applicationGateway,
  'Microsoft.Network/privateEndpoints': network.privateEndpoint,
  'Microsoft.Web/sites': others.webSite,
  'Microsoft.Web/serverfarms': others.appServicePlan,
  'Microsoft.KeyVault/vaults': others.keyVault,
  'Microsoft.ContainerService/managedClusters': compute.managedCluster,
  'Microsoft.ContainerRegistry/registries': compute.containerRegistry,
  'Microsoft.Sql/servers/databases': data.sqlDatabase,
  'Microsoft.DocumentDB/databaseAccounts': data.cosmosAccount,
  'Microsoft.DBforPostgreSQL/flexibleServers': data.postgresqlServer,
  'Microsoft.Cache/redis': data.redis,
  'Microsoft.OperationalInsights/workspaces': data.logWorkspace,
  'Microsoft.ManagedIdentity/userAssignedIdentities': others.userAssignedIdentity,
};

const types: ReadonlyMap<string, AzureType> = new Map(
  Object.entries(table).map(([name, type]) => [name.toLowerCase(), type]),
);

/** The mapping of one of Azure's types, in whatever case; undefined for one that is not listed. */
export const typeOf = (armType: string): AzureType | undefined => types.get(armType.toLowerCase());
