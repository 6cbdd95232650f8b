/** What the API calls the types that it knows by a name of their own. A test holds this against what is answered. */
const NAMES: Readonly<Record<string, string>> = {
  'microsoft.resources/subscriptions/resourcegroups': 'azure_resource_group',
  'microsoft.resources/subscriptions': 'azure_subscription',
  'microsoft.compute/virtualmachines': 'azure_virtual_machine',
  'microsoft.compute/disks': 'azure_disk',
  'microsoft.compute/snapshots': 'azure_snapshot',
  'microsoft.compute/virtualmachinescalesets': 'azure_virtual_machine_scale_set',
  'microsoft.storage/storageaccounts': 'azure_storage_account',
  'microsoft.sql/servers': 'azure_sql_server',
  'microsoft.sql/servers/databases': 'azure_sql_database',
  'microsoft.network/virtualnetworks': 'azure_virtual_network',
  'microsoft.network/networksecuritygroups': 'azure_network_security_group',
  'microsoft.network/networkinterfaces': 'azure_network_interface',
  'microsoft.network/publicipaddresses': 'azure_public_ip_address',
  'microsoft.network/loadbalancers': 'azure_load_balancer',
  'microsoft.network/applicationgateways': 'azure_application_gateway',
  'microsoft.network/privateendpoints': 'azure_private_endpoint',
  'microsoft.web/sites': 'azure_web_site',
  'microsoft.web/serverfarms': 'azure_app_service_plan',
  'microsoft.keyvault/vaults': 'azure_key_vault',
  'microsoft.containerservice/managedclusters': 'azure_managed_cluster',
  'microsoft.containerregistry/registries': 'azure_container_registry',
  'microsoft.documentdb/databaseaccounts': 'azure_cosmos_account',
  'microsoft.dbforpostgresql/flexibleservers': 'azure_postgresql_flexible_server',
  'microsoft.cache/redis': 'azure_redis',
  'microsoft.operationalinsights/workspaces': 'azure_log_workspace',
  'microsoft.managedidentity/userassignedidentities': 'azure_user_assigned_identity',
  // Types that have none: namespace and type, without the first word where that is Microsoft's.
  'microsoft.compute/virtualmachines/extensions': 'azure_compute_virtualmachines_extensions',
  'microsoft.network/routetables': 'azure_network_routetables',
  'microsoft.network/dnszones': 'azure_network_dnszones',
  'microsoft.insights/components': 'azure_insights_components',
  'microsoft.containerinstance/containergroups': 'azure_containerinstance_containergroups',
  'microsoft.logic/workflows': 'azure_logic_workflows',
  'microsoft.servicebus/namespaces': 'azure_servicebus_namespaces',
  'sendgrid.email/accounts': 'azure_sendgrid_email_accounts',
};

/** The API's name of one of Azure's types. */
export const nameOf = (type: string): string => NAMES[type.toLowerCase()] ?? type;

/** Whether a knob's type is that one of Azure's: it may be told by either name. */
export const isType = (told: string, type: string): boolean =>
  told.toLowerCase() === type.toLowerCase() || told === nameOf(type);

/** Azure's name of a type that a knob tells by either. */
export const armTypeOf = (told: string): string => Object.entries(NAMES).find(([, name]) => name === told)?.[0] ?? told;
