import { CANARY } from '../../sample-cloud.ts';
import { done, type Kind, NIC } from './kind.ts';

/** Networks and what stands in them. @see https://learn.microsoft.com/azure/templates/ for the properties of each; Resource Graph shows what a GET would. */
export const network: readonly Kind[] = [
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
];
