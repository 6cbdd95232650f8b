import { CANARY } from '../../sample-cloud.ts';
import {
  bigId,
  computeUrl,
  type Data,
  iso,
  type Kind,
  labelsFor,
  type Making,
  named,
  pacific,
  regionOf,
} from './kind.ts';

const discovery = 'https://www.googleapis.com/discovery/v1/apis/compute/v1/rest';
const compute = { version: 'v1', discovery } as const;
const common = ({ random }: Making, name: string): Data => ({
  id: bigId(random),
  name,
  description: CANARY,
  creationTimestamp: pacific(random),
});

export const networks: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/Network',
  type: 'gcp_compute_network',
  growing: 2,
  fixed: 1,
  make(making) {
    const name = named('net', making.index);
    return {
      path: `projects/${making.project.projectId}/global/networks/${name}`,
      location: 'global',
      data: {
        ...common(making, name),
        autoCreateSubnetworks: making.index === 0,
        mtu: 1460,
        routingConfig: { routingMode: 'REGIONAL' },
        subnetworks: [computeUrl(making.project, 'regions/us-central1/subnetworks/subnet-0000')],
      },
    };
  },
  alter: (data, turn) => ({ ...data, mtu: 1460 + turn }),
};

export const subnetworks: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/Subnetwork',
  type: 'gcp_compute_subnetwork',
  growing: 10,
  make(making) {
    const { project, index, random } = making;
    const region = regionOf(random);
    const name = named('subnet', index);
    return {
      path: `projects/${project.projectId}/regions/${region}/subnetworks/${name}`,
      location: region,
      data: {
        ...common(making, name),
        region: computeUrl(project, `regions/${region}`),
        network: computeUrl(project, 'global/networks/net-0000'),
        ipCidrRange: `10.${index % 250}.0.0/16`,
        privateIpGoogleAccess: random.chance(0.5),
        purpose: 'PRIVATE',
        ...(random.chance(0.5) ? { logConfig: { enable: random.chance(0.5) } } : {}),
      },
    };
  },
  alter: (data, turn) => ({ ...data, ipCidrRange: `172.16.${turn}.0/24` }),
};

export const firewalls: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/Firewall',
  type: 'gcp_compute_firewall',
  growing: 20,
  make(making) {
    const { project, index, random } = making;
    const name = named('allow', index);
    const isIngress = random.chance(0.8);
    return {
      path: `projects/${project.projectId}/global/firewalls/${name}`,
      location: 'global',
      data: {
        ...common(making, name),
        network: computeUrl(project, 'global/networks/net-0000'),
        direction: isIngress ? 'INGRESS' : 'EGRESS',
        disabled: random.chance(0.1),
        priority: 1000,
        ...(isIngress
          ? { sourceRanges: [random.pick('0.0.0.0/0', '10.0.0.0/8', '::/0')] }
          : { destinationRanges: ['0.0.0.0/0'] }),
        allowed: [{ IPProtocol: 'tcp', ports: ['22', '443'] }],
        targetTags: ['web'],
        logConfig: { enable: random.chance(0.5) },
      },
    };
  },
  alter: (data, turn) => ({ ...data, priority: 1000 + turn }),
};

const ruleData = (making: Making, name: string): Data => ({
  ...common(making, name),
  labels: labelsFor(making.random),
  IPAddress: `198.51.100.${making.index % 250}`,
  IPProtocol: 'TCP',
  portRange: '443-443',
  loadBalancingScheme: making.random.pick('EXTERNAL_MANAGED', 'INTERNAL'),
});

export const forwardingRules: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/ForwardingRule',
  type: 'gcp_compute_forwarding_rule',
  growing: 8,
  make(making) {
    const region = regionOf(making.random);
    const name = named('rule', making.index);
    return {
      path: `projects/${making.project.projectId}/regions/${region}/forwardingRules/${name}`,
      location: region,
      data: { ...ruleData(making, name), region: computeUrl(making.project, `regions/${region}`) },
    };
  },
};

export const globalForwardingRules: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/GlobalForwardingRule',
  type: 'gcp_compute_forwarding_rule',
  variant: true,
  growing: 0,
  fixed: 2,
  make(making) {
    const name = named('global-rule', making.index);
    return {
      path: `projects/${making.project.projectId}/global/forwardingRules/${name}`,
      location: 'global',
      data: { ...ruleData(making, name), target: computeUrl(making.project, 'global/targetHttpsProxies/proxy-0000') },
    };
  },
};

const backendData = (making: Making, name: string): Data => ({
  ...common(making, name),
  protocol: 'HTTPS',
  loadBalancingScheme: 'EXTERNAL_MANAGED',
  port: 443,
  timeoutSec: 30,
  enableCDN: making.random.chance(0.3),
  customRequestHeaders: [`x-token: ${CANARY}`],
  iap: { enabled: true, oauth2ClientId: 'client', oauth2ClientSecretSha256: CANARY },
  backends: [{ group: computeUrl(making.project, 'zones/us-central1-b/instanceGroups/group-0000') }],
  logConfig: { enable: true },
});

export const backendServices: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/BackendService',
  type: 'gcp_compute_backend_service',
  growing: 5,
  make(making) {
    const name = named('backend', making.index);
    const path = `projects/${making.project.projectId}/global/backendServices/${name}`;
    return { path, location: 'global', data: backendData(making, name) };
  },
  alter: (data, turn) => ({ ...data, timeoutSec: 30 + turn }),
};

export const regionBackendServices: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/RegionBackendService',
  type: 'gcp_compute_backend_service',
  variant: true,
  growing: 0,
  fixed: 1,
  make(making) {
    const region = regionOf(making.random);
    const name = named('regional-backend', making.index);
    const path = `projects/${making.project.projectId}/regions/${region}/backendServices/${name}`;
    return { path, location: region, data: backendData(making, name) };
  },
  alter: (data, turn) => ({ ...data, timeoutSec: 30 + turn }),
};

const addressData = (making: Making, name: string): Data => ({
  ...common(making, name),
  labels: labelsFor(making.random),
  address: `203.0.113.${making.index % 250}`,
  addressType: making.random.pick('EXTERNAL', 'INTERNAL'),
  status: making.random.pick('IN_USE', 'RESERVED'),
  networkTier: 'PREMIUM',
  users: [computeUrl(making.project, 'zones/us-central1-b/instances/vm-0000')],
});

export const addresses: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/Address',
  type: 'gcp_compute_address',
  growing: 10,
  make(making) {
    const region = regionOf(making.random);
    const name = named('address', making.index);
    const path = `projects/${making.project.projectId}/regions/${region}/addresses/${name}`;
    return { path, location: region, data: addressData(making, name) };
  },
};

export const globalAddresses: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/GlobalAddress',
  type: 'gcp_compute_address',
  variant: true,
  growing: 0,
  fixed: 1,
  make(making) {
    const name = named('global-address', making.index);
    const path = `projects/${making.project.projectId}/global/addresses/${name}`;
    return { path, location: 'global', data: addressData(making, name) };
  },
};

/** Not listed. */
export const routes: Kind = {
  ...compute,
  assetType: 'compute.googleapis.com/Route',
  type: 'gcp_compute_route',
  growing: 8,
  make(making) {
    const name = named('route', making.index);
    return {
      path: `projects/${making.project.projectId}/global/routes/${name}`,
      location: 'global',
      data: { ...common(making, name), destRange: '0.0.0.0/0', routeStatus: 'ACTIVE' },
    };
  },
  alter: (data, turn) => ({ ...data, creationTimestamp: new Date(Date.UTC(2024, 0, turn)).toISOString() }),
};

export const managedZones: Kind = {
  assetType: 'dns.googleapis.com/ManagedZone',
  type: 'gcp_dns_managed_zone',
  version: 'v1',
  discovery: 'https://dns.googleapis.com/$discovery/rest',
  growing: 3,
  make({ project, index, random }) {
    const name = named('zone', index);
    return {
      path: `projects/${project.projectNumber}/managedZones/${random.below(2 ** 31)}${index}`,
      location: 'global',
      data: {
        kind: 'dns#managedZone',
        id: bigId(random),
        name,
        description: CANARY,
        dnsName: `${name}.example.com.`,
        visibility: random.pick('public', 'private'),
        creationTime: iso(random),
        labels: labelsFor(random),
        dnssecConfig: { state: random.pick('on', 'off') },
        nameServers: ['ns-cloud-a1.googledomains.com.', 'ns-cloud-a2.googledomains.com.'],
      },
    };
  },
};
