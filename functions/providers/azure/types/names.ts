/**
 * Types with a mapping of their own: Azure's name, as its permissions write it, and ours. Resource Graph writes types in
 * lower case, and they are compared so. Every other type is kept under the name that `nameOf` makes.
 */
export const TYPES = {
  'Microsoft.Compute/virtualMachines': 'azure_virtual_machine',
  'Microsoft.Storage/storageAccounts': 'azure_storage_account',
  'Microsoft.Sql/servers': 'azure_sql_server',
  'Microsoft.Resources/subscriptions/resourceGroups': 'azure_resource_group',
  'Microsoft.Resources/subscriptions': 'azure_subscription',
  'Microsoft.Compute/disks': 'azure_disk',
  'Microsoft.Compute/snapshots': 'azure_snapshot',
  'Microsoft.Compute/virtualMachineScaleSets': 'azure_virtual_machine_scale_set',
  'Microsoft.Network/virtualNetworks': 'azure_virtual_network',
  'Microsoft.Network/networkSecurityGroups': 'azure_network_security_group',
  'Microsoft.Network/networkInterfaces': 'azure_network_interface',
  'Microsoft.Network/publicIPAddresses': 'azure_public_ip_address',
  'Microsoft.Network/loadBalancers': 'azure_load_balancer',
  'Microsoft.Network/applicationGateways': 'azure_application_gateway',
  'Microsoft.Network/privateEndpoints': 'azure_private_endpoint',
  'Microsoft.Web/sites': 'azure_web_site',
  'Microsoft.Web/serverfarms': 'azure_app_service_plan',
  'Microsoft.KeyVault/vaults': 'azure_key_vault',
  'Microsoft.ContainerService/managedClusters': 'azure_managed_cluster',
  'Microsoft.ContainerRegistry/registries': 'azure_container_registry',
  'Microsoft.Sql/servers/databases': 'azure_sql_database',
  'Microsoft.DocumentDB/databaseAccounts': 'azure_cosmos_account',
  'Microsoft.DBforPostgreSQL/flexibleServers': 'azure_postgresql_flexible_server',
  'Microsoft.Cache/redis': 'azure_redis',
  'Microsoft.OperationalInsights/workspaces': 'azure_log_workspace',
  'Microsoft.ManagedIdentity/userAssignedIdentities': 'azure_user_assigned_identity',
} as const;

export type ArmType = keyof typeof TYPES;

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).map(([type, name]) => [type.toLowerCase(), name]),
);

/** Our name of any of Azure's types: `microsoft.insights/components` is `azure_insights_components`. */
export function nameOf(armType: string): string {
  const type = armType.toLowerCase();
  const words = type.replace(/^microsoft\./, '').replaceAll(/[^a-z0-9]+/g, '_');
  return names.get(type) ?? `azure_${words.replaceAll(/^_|_$/g, '')}`;
}
