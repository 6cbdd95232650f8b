import * as z from 'zod';
import { type Answer, known } from '../../../domain/resource.ts';
import { amount, fields, flag, labels, last, mapping, number, state, text, texts, time } from './mapping.ts';

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/networks */
export const network = mapping(
  z.object({
    name: text,
    creationTimestamp: text,
    autoCreateSubnetworks: flag,
    mtu: amount,
    routingConfig: z.object({ routingMode: text }).optional(),
    subnetworks: texts,
  }),
  (data) => ({
    name: data.name,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      auto_create_subnetworks: known(data.autoCreateSubnetworks),
      mtu: number(data.mtu),
      routing_mode: data.routingConfig?.routingMode?.toLowerCase(),
      subnetworks: data.subnetworks?.length,
    }),
  }),
);

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks */
export const subnetwork = mapping(
  z.object({
    name: text,
    creationTimestamp: text,
    ipCidrRange: text,
    network: text,
    privateIpGoogleAccess: flag,
    purpose: text,
    logConfig: z.object({ enable: flag }).optional(),
  }),
  (data) => ({
    name: data.name,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      ip_range: data.ipCidrRange,
      network: last(data.network),
      purpose: data.purpose?.toLowerCase(),
      private_google_access: known(data.privateIpGoogleAccess),
      flow_logs: known(data.logConfig?.enable),
    }),
  }),
);

const rules = z.array(z.object({ IPProtocol: text, ipProtocol: text, ports: texts })).optional();
const ruleText = (list: z.infer<typeof rules>): readonly string[] | undefined =>
  list?.map(({ IPProtocol, ipProtocol, ports }) => [IPProtocol ?? ipProtocol ?? 'any', ...(ports ?? [])].join(' '));

const EVERYBODY: readonly string[] = ['0.0.0.0/0', '::/0'];

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/firewalls */
export const firewall = mapping(
  z.object({
    name: text,
    creationTimestamp: text,
    network: text,
    direction: text,
    disabled: flag,
    priority: amount,
    sourceRanges: texts,
    sourceTags: texts,
    targetTags: texts,
    allowed: rules,
    denied: rules,
    logConfig: z.object({ enable: flag }).optional(),
  }),
  (data) => ({
    name: data.name,
    status: data.disabled === true ? 'disabled' : 'active',
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      network: last(data.network),
      direction: data.direction?.toLowerCase(),
      priority: number(data.priority),
      source_ranges: data.sourceRanges,
      source_tags: data.sourceTags,
      target_tags: data.targetTags,
      allowed: ruleText(data.allowed),
      denied: ruleText(data.denied),
      open_to_all: openToAll(data),
      logged: known(data.logConfig?.enable),
    }),
  }),
);

function openToAll(data: {
  direction?: string | undefined;
  disabled?: boolean | undefined;
  allowed?: unknown;
  denied?: unknown;
  sourceRanges?: readonly string[] | undefined;
}): Answer {
  if (data.direction === 'EGRESS' || data.disabled === true) return 'no';
  if (data.allowed === undefined) return data.denied === undefined ? 'unknown' : 'no';
  return known(data.sourceRanges?.some((range) => EVERYBODY.includes(range)));
}

/** External schemes have an address of the internet. */
const isExternal = (scheme: string | undefined): Answer =>
  known(scheme === undefined ? undefined : scheme.startsWith('EXTERNAL'));

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/forwardingRules */
export const forwardingRule = mapping(
  z.object({
    name: text,
    creationTimestamp: text,
    labels,
    IPAddress: text,
    IPProtocol: text,
    portRange: text,
    ports: texts,
    loadBalancingScheme: text,
    target: text,
    backendService: text,
    network: text,
  }),
  (data) => ({
    name: data.name,
    tags: data.labels,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      ip_address: data.IPAddress,
      protocol: data.IPProtocol?.toLowerCase(),
      ports: data.ports ?? (data.portRange === undefined ? undefined : [data.portRange]),
      scheme: data.loadBalancingScheme?.toLowerCase(),
      public: isExternal(data.loadBalancingScheme),
      target: last(data.target ?? data.backendService),
      network: last(data.network),
    }),
  }),
);

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/backendServices */
export const backendService = mapping(
  z.object({
    name: text,
    creationTimestamp: text,
    protocol: text,
    loadBalancingScheme: text,
    port: amount,
    timeoutSec: amount,
    enableCDN: flag,
    securityPolicy: text,
    backends: z.array(z.object({ group: text })).optional(),
    logConfig: z.object({ enable: flag }).optional(),
  }),
  (data) => ({
    name: data.name,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      protocol: data.protocol?.toLowerCase(),
      scheme: data.loadBalancingScheme?.toLowerCase(),
      port: number(data.port),
      timeout_seconds: number(data.timeoutSec),
      cdn: known(data.enableCDN),
      security_policy: last(data.securityPolicy),
      backends: data.backends?.length,
      logged: known(data.logConfig?.enable),
    }),
  }),
);

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/addresses */
export const address = mapping(
  z.object({
    name: text,
    creationTimestamp: text,
    labels,
    address: text,
    addressType: text,
    status: text,
    networkTier: text,
    users: texts,
  }),
  (data) => ({
    name: data.name,
    status: state(data.status),
    tags: data.labels,
    createdAt: time(data.creationTimestamp),
    configuration: fields({
      address: data.address,
      public: isExternal(data.addressType),
      network_tier: data.networkTier?.toLowerCase(),
      used_by: data.users?.map((user) => last(user) ?? user),
    }),
  }),
);

/** @see https://cloud.google.com/dns/docs/reference/rest/v1/managedZones */
export const managedZone = mapping(
  z.object({
    name: text,
    dnsName: text,
    visibility: text,
    creationTime: text,
    labels,
    dnssecConfig: z.object({ state: text }).optional(),
    nameServers: texts,
  }),
  (data) => ({
    name: data.name,
    tags: data.labels,
    createdAt: time(data.creationTime),
    configuration: fields({
      dns_name: data.dnsName,
      public: known(data.visibility === undefined ? undefined : data.visibility.toLowerCase() === 'public'),
      dnssec: known(
        data.dnssecConfig?.state === undefined ? undefined : data.dnssecConfig.state.toLowerCase() === 'on',
      ),
      name_servers: data.nameServers?.length,
    }),
  }),
);
