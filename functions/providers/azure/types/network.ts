import { known } from '../../../domain/resource.ts';
import { azureType, fields, flag, ids, list, number, object, reference, text } from './shapes.ts';

export const virtualNetwork = azureType(
  {
    addressSpace: object({ addressPrefixes: list(text) }),
    subnets: list(object({ name: text })),
    virtualNetworkPeerings: list(object({ properties: object({ remoteVirtualNetwork: reference }) })),
    enableDdosProtection: flag,
    dhcpOptions: object({ dnsServers: list(text) }),
  },
  (one) => ({
    configuration: fields({
      address_space: one.addressSpace?.addressPrefixes?.filter((prefix) => prefix !== undefined),
      subnets: one.subnets?.flatMap((subnet) => (subnet?.name === undefined ? [] : [subnet.name])),
      peered_with: ids(one.virtualNetworkPeerings?.map((peering) => peering?.properties?.remoteVirtualNetwork)),
      ddos_protection: known(one.enableDdosProtection),
      dns_servers: one.dhcpOptions?.dnsServers?.filter((server) => server !== undefined),
    }),
  }),
);

const ANYWHERE = new Set(['*', '0.0.0.0/0', '::/0', 'internet', 'any']);

/** The default rules, which are always there, let nothing in from the internet. */
export const networkSecurityGroup = azureType(
  {
    securityRules: list(
      object({
        properties: object({
          direction: text,
          access: text,
          sourceAddressPrefix: text,
          sourceAddressPrefixes: list(text),
          destinationPortRange: text,
          destinationPortRanges: list(text),
        }),
      }),
    ),
    subnets: list(reference),
    networkInterfaces: list(reference),
  },
  (one) => {
    const open = one.securityRules?.filter((rule) => {
      const said = rule?.properties;
      const sources = [said?.sourceAddressPrefix, ...(said?.sourceAddressPrefixes ?? [])];
      const inward = said?.direction?.toLowerCase() === 'inbound' && said.access?.toLowerCase() === 'allow';
      return inward && sources.some((source) => source !== undefined && ANYWHERE.has(source.toLowerCase()));
    });
    const ports = open?.flatMap((rule) => [
      rule?.properties?.destinationPortRange,
      ...(rule?.properties?.destinationPortRanges ?? []),
    ]);
    return {
      configuration: fields({
        rules: one.securityRules?.length,
        open_to_internet: known(open === undefined ? undefined : open.length > 0),
        open_ports: ports === undefined ? undefined : [...new Set(ports.filter((port) => port !== undefined))].sort(),
        subnets: ids(one.subnets),
        network_interfaces: ids(one.networkInterfaces),
      }),
    };
  },
);

export const networkInterface = azureType(
  {
    ipConfigurations: list(
      object({ properties: object({ privateIPAddress: text, publicIPAddress: reference, subnet: reference }) }),
    ),
    networkSecurityGroup: reference,
    virtualMachine: reference,
    enableIPForwarding: flag,
  },
  (one) => {
    const addresses = one.ipConfigurations?.map((configuration) => configuration?.properties);
    const publicAddresses = ids(addresses?.map((address) => address?.publicIPAddress));
    return {
      configuration: fields({
        attached_to: one.virtualMachine?.id,
        private_ips: addresses?.flatMap((address) =>
          address?.privateIPAddress === undefined ? [] : [address.privateIPAddress],
        ),
        // An address that is attached is always among the configurations: none there is none at all.
        public_address: known(publicAddresses === undefined ? undefined : publicAddresses.length > 0),
        public_addresses: publicAddresses,
        subnets: ids(addresses?.map((address) => address?.subnet)),
        security_group: one.networkSecurityGroup?.id,
        ip_forwarding: known(one.enableIPForwarding),
      }),
    };
  },
);

export const publicIpAddress = azureType(
  {
    ipAddress: text,
    publicIPAllocationMethod: text,
    publicIPAddressVersion: text,
    ipConfiguration: reference,
    natGateway: reference,
    dnsSettings: object({ fqdn: text }),
  },
  (one, row) => ({
    configuration: fields({
      address: one.ipAddress,
      allocation: one.publicIPAllocationMethod,
      version: one.publicIPAddressVersion,
      dns_name: one.dnsSettings?.fqdn,
      attached_to: one.ipConfiguration?.id ?? one.natGateway?.id,
      sku: row.sku?.name,
      zones: row.zones,
    }),
  }),
);

const frontends = list(object({ properties: object({ publicIPAddress: reference, subnet: reference }) }));
/** A frontend has either an address of its own that is public, or a place in a subnet; the row shows whichever it is. */
const isPublic = (
  found: { properties?: { publicIPAddress?: { id?: string | undefined } | undefined } | undefined }[],
) => found.some((frontend) => frontend.properties?.publicIPAddress?.id !== undefined);

export const loadBalancer = azureType(
  { frontendIPConfigurations: frontends, backendAddressPools: list(reference), loadBalancingRules: list(reference) },
  (one, row) => {
    const found = one.frontendIPConfigurations?.filter((frontend) => frontend !== undefined);
    return {
      configuration: fields({
        sku: row.sku?.name,
        public: known(found === undefined ? undefined : isPublic(found)),
        frontends: found?.length,
        backends: one.backendAddressPools?.length,
        rules: one.loadBalancingRules?.length,
      }),
    };
  },
);

export const applicationGateway = azureType(
  {
    sku: object({ name: text, tier: text, capacity: number }),
    operationalState: text,
    frontendIPConfigurations: frontends,
    firewallPolicy: reference,
    webApplicationFirewallConfiguration: object({ enabled: flag, firewallMode: text }),
    sslPolicy: object({ policyName: text, minProtocolVersion: text }),
  },
  (one, row) => {
    const found = one.frontendIPConfigurations?.filter((frontend) => frontend !== undefined);
    const state = one.operationalState?.toLowerCase();
    const firewall = one.firewallPolicy?.id !== undefined || one.webApplicationFirewallConfiguration?.enabled;
    return {
      status: state === 'running' ? 'active' : state,
      configuration: fields({
        sku: one.sku?.name ?? row.sku?.name,
        public: known(found === undefined ? undefined : isPublic(found)),
        firewall: known(firewall),
        firewall_mode: one.webApplicationFirewallConfiguration?.firewallMode,
        firewall_policy: one.firewallPolicy?.id,
        minimum_tls: one.sslPolicy?.minProtocolVersion,
        tls_policy: one.sslPolicy?.policyName,
      }),
    };
  },
);

export const privateEndpoint = azureType(
  {
    subnet: reference,
    privateLinkServiceConnections: list(
      object({ properties: object({ privateLinkServiceId: text, groupIds: list(text) }) }),
    ),
    manualPrivateLinkServiceConnections: list(object({ properties: object({ privateLinkServiceId: text }) })),
  },
  (one) => {
    const connections = [
      ...(one.privateLinkServiceConnections ?? []),
      ...(one.manualPrivateLinkServiceConnections ?? []),
    ];
    return {
      configuration: fields({
        subnet: one.subnet?.id,
        targets: ids(connections.map((connection) => ({ id: connection?.properties?.privateLinkServiceId }))),
      }),
    };
  },
);
