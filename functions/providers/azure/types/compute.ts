import { known } from '../../../domain/resource.ts';
import {
  azureType,
  fields,
  flag,
  ids,
  list,
  not,
  number,
  object,
  oneOf,
  publicNetwork,
  reference,
  text,
  time,
} from './shapes.ts';

/** `PowerState/running` and the like -> ours; what is on its way stands as it is. */
const POWER: Readonly<Record<string, string>> = { running: 'active', stopped: 'stopped', deallocated: 'stopped' };
export function power(code: string | undefined): string | undefined {
  const word = code?.split('/').at(-1)?.toLowerCase();
  return word === undefined ? undefined : (POWER[word] ?? word);
}

const securityProfile = object({
  encryptionAtHost: flag,
  securityType: text,
  uefiSettings: object({ secureBootEnabled: flag, vTpmEnabled: flag }),
});
const encryption = object({ type: text, diskEncryptionSetId: text });

/** @see https://learn.microsoft.com/azure/templates/microsoft.compute/virtualmachines; `extended` is Resource Graph's own. */
export const virtualMachine = azureType(
  {
    hardwareProfile: object({ vmSize: text }),
    storageProfile: object({
      osDisk: object({ osType: text, managedDisk: reference }),
      imageReference: object({ publisher: text, offer: text, sku: text, id: text }),
    }),
    osProfile: object({ linuxConfiguration: object({ disablePasswordAuthentication: flag }) }),
    networkProfile: object({ networkInterfaces: list(reference) }),
    securityProfile,
    extended: object({ instanceView: object({ powerState: object({ code: text }) }) }),
    timeCreated: text,
  },
  (vm, row) => {
    const image = vm.storageProfile?.imageReference;
    const named = [image?.publisher, image?.offer, image?.sku].filter((part) => part !== undefined);
    return {
      status: power(vm.extended?.instanceView?.powerState?.code),
      createdAt: time(vm.timeCreated),
      configuration: fields({
        size: vm.hardwareProfile?.vmSize,
        os: vm.storageProfile?.osDisk?.osType,
        image: image?.id ?? (named.length === 0 ? undefined : named.join(':')),
        os_disk: vm.storageProfile?.osDisk?.managedDisk?.id,
        network_interfaces: ids(vm.networkProfile?.networkInterfaces),
        public_address: 'unknown',
        public_address_reason: 'a network interface says it, not the machine',
        encrypted_at_host: known(vm.securityProfile?.encryptionAtHost),
        secure_boot: known(vm.securityProfile?.uefiSettings?.secureBootEnabled),
        password_login: known(not(vm.osProfile?.linuxConfiguration?.disablePasswordAuthentication)),
        identity: row.identity?.type,
        zones: row.zones,
      }),
    };
  },
);

/** Every managed disk is encrypted; the type says with whose key. */
export const disk = azureType(
  {
    diskSizeGB: number,
    osType: text,
    diskState: text,
    encryption,
    networkAccessPolicy: text,
    publicNetworkAccess: text,
    timeCreated: text,
  },
  (one, row) => ({
    createdAt: time(one.timeCreated),
    configuration: fields({
      size_gb: one.diskSizeGB,
      sku: row.sku?.name,
      os: one.osType,
      state: one.diskState,
      attached_to: row.managedBy,
      encrypted: one.encryption?.type === undefined ? 'unknown' : 'yes',
      encryption_type: one.encryption?.type,
      key: one.encryption?.diskEncryptionSetId,
      public: publicNetwork(one.publicNetworkAccess),
      network_access: one.networkAccessPolicy,
      zones: row.zones,
    }),
  }),
);

export const snapshot = azureType(
  {
    diskSizeGB: number,
    encryption,
    incremental: flag,
    creationData: object({ sourceResourceId: text }),
    networkAccessPolicy: text,
    publicNetworkAccess: text,
    timeCreated: text,
  },
  (one, row) => ({
    createdAt: time(one.timeCreated),
    configuration: fields({
      size_gb: one.diskSizeGB,
      sku: row.sku?.name,
      source: one.creationData?.sourceResourceId,
      incremental: known(one.incremental),
      encrypted: one.encryption?.type === undefined ? 'unknown' : 'yes',
      encryption_type: one.encryption?.type,
      public: publicNetwork(one.publicNetworkAccess),
      network_access: one.networkAccessPolicy,
    }),
  }),
);

export const scaleSet = azureType(
  {
    orchestrationMode: text,
    upgradePolicy: object({ mode: text }),
    virtualMachineProfile: object({
      storageProfile: object({ osDisk: object({ osType: text }) }),
      securityProfile,
    }),
    timeCreated: text,
  },
  (one, row) => ({
    createdAt: time(one.timeCreated),
    configuration: fields({
      size: row.sku?.name,
      instances: row.sku?.capacity,
      os: one.virtualMachineProfile?.storageProfile?.osDisk?.osType,
      orchestration: one.orchestrationMode,
      upgrades: one.upgradePolicy?.mode,
      encrypted_at_host: known(one.virtualMachineProfile?.securityProfile?.encryptionAtHost),
      secure_boot: known(one.virtualMachineProfile?.securityProfile?.uefiSettings?.secureBootEnabled),
      identity: row.identity?.type,
      zones: row.zones,
    }),
  }),
);

/** @see https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters */
export const managedCluster = azureType(
  {
    kubernetesVersion: text,
    currentKubernetesVersion: text,
    powerState: object({ code: text }),
    enableRBAC: flag,
    disableLocalAccounts: flag,
    apiServerAccessProfile: object({ enablePrivateCluster: flag, authorizedIPRanges: list(text) }),
    networkProfile: object({ networkPlugin: text, networkPolicy: text }),
    agentPoolProfiles: list(object({ count: number, vmSize: text })),
  },
  (one, row) => ({
    status: power(one.powerState?.code),
    configuration: fields({
      version: one.currentKubernetesVersion ?? one.kubernetesVersion,
      tier: row.sku?.tier,
      // Azure leaves the profile out of a cluster that is not private, and a projection can leave it out as well.
      public: known(not(one.apiServerAccessProfile?.enablePrivateCluster)),
      authorized_ranges: one.apiServerAccessProfile?.authorizedIPRanges?.filter((range) => range !== undefined),
      rbac: known(one.enableRBAC),
      local_accounts: known(not(one.disableLocalAccounts)),
      network_plugin: one.networkProfile?.networkPlugin,
      network_policy: one.networkProfile?.networkPolicy,
      node_pools: one.agentPoolProfiles?.length,
      nodes: one.agentPoolProfiles?.reduce((sum, pool) => sum + (pool?.count ?? 0), 0),
      identity: row.identity?.type,
    }),
  }),
);

export const containerRegistry = azureType(
  {
    loginServer: text,
    adminUserEnabled: flag,
    anonymousPullEnabled: flag,
    publicNetworkAccess: text,
    encryption: object({ status: text }),
    creationDate: text,
  },
  (one, row) => ({
    createdAt: time(one.creationDate),
    configuration: fields({
      sku: row.sku?.name,
      login_server: one.loginServer,
      public: publicNetwork(one.publicNetworkAccess),
      anonymous_pull: known(one.anonymousPullEnabled),
      admin_user: known(one.adminUserEnabled),
      // Always encrypted; the status is of encryption with the customer's own key.
      customer_key: oneOf(one.encryption?.status, 'enabled', 'disabled'),
    }),
  }),
);
