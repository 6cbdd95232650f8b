import { known } from '../../../domain/resource.ts';
import { azureType, fields, flag, list, number, object, oneOf, publicNetwork, text } from './shapes.ts';

const STATE: Readonly<Record<string, string>> = { running: 'active', enabled: 'active', ready: 'active' };
const state = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : (STATE[word.toLowerCase()] ?? word.toLowerCase());

/** Settings and connection strings are not in the row, and would not be read. */
export const webSite = azureType(
  {
    state: text,
    defaultHostName: text,
    httpsOnly: flag,
    clientCertEnabled: flag,
    publicNetworkAccess: text,
    serverFarmId: text,
    virtualNetworkSubnetId: text,
    reserved: flag,
  },
  (one, row) => ({
    status: state(one.state),
    configuration: fields({
      kind: row.kind,
      host: one.defaultHostName,
      plan: one.serverFarmId,
      linux: known(one.reserved),
      https_only: known(one.httpsOnly),
      client_certificates: known(one.clientCertEnabled),
      public: publicNetwork(one.publicNetworkAccess),
      subnet: one.virtualNetworkSubnetId,
      identity: row.identity?.type,
    }),
  }),
);

export const appServicePlan = azureType(
  { status: text, numberOfWorkers: number, numberOfSites: number, reserved: flag, zoneRedundant: flag },
  (one, row) => ({
    status: state(one.status),
    configuration: fields({
      kind: row.kind,
      sku: row.sku?.name,
      tier: row.sku?.tier,
      workers: one.numberOfWorkers,
      sites: one.numberOfSites,
      linux: known(one.reserved),
      zone_redundant: known(one.zoneRedundant),
    }),
  }),
);

/** Keys and secrets are data of the vault: the row knows none. */
export const keyVault = azureType(
  {
    sku: object({ name: text }),
    enableRbacAuthorization: flag,
    enableSoftDelete: flag,
    enablePurgeProtection: flag,
    publicNetworkAccess: text,
    networkAcls: object({ defaultAction: text }),
  },
  (one) => ({
    configuration: fields({
      sku: one.sku?.name,
      rbac: known(one.enableRbacAuthorization),
      soft_delete: known(one.enableSoftDelete),
      purge_protection: known(one.enablePurgeProtection),
      public: publicNetwork(one.publicNetworkAccess),
      network_default: one.networkAcls?.defaultAction,
    }),
  }),
);

export const userAssignedIdentity = azureType({ clientId: text, principalId: text }, (one) => ({
  configuration: fields({ client: one.clientId, principal: one.principalId }),
}));

export const resourceGroup = azureType({}, (_, row) => ({ configuration: fields({ managed_by: row.managedBy }) }));

export const subscription = azureType(
  {
    state: text,
    subscriptionPolicies: object({ quotaId: text, spendingLimit: text, locationPlacementId: text }),
    managedByTenants: list(object({ tenantId: text })),
  },
  (one) => ({
    status: state(one.state),
    configuration: fields({
      offer: one.subscriptionPolicies?.quotaId,
      spending_limit: oneOf(one.subscriptionPolicies?.spendingLimit, 'On', 'Off'),
      managed_by_tenants: one.managedByTenants?.length,
    }),
  }),
);
