import { CANARY } from '../../sample-cloud.ts';
import { done, encryption, type Kind, NIC } from './kind.ts';

/** Machines, their disks and extensions. @see https://learn.microsoft.com/azure/templates/ for the properties of each; Resource Graph shows what a GET would. */
export const compute: readonly Kind[] = [
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
];
