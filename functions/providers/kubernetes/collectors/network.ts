import * as z from 'zod';
import { type Answer, known } from '../../../domain/resource.ts';
import { reachOf } from '../addresses.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { once } from '../once.ts';

/** What is reachable from where. @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ */
export const facts = {
  service: kindFacts({ group: '', version: 'v1', kind: 'Service', plural: 'services' }),
  ingress: kindFacts({ group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', plural: 'ingresses' }),
  networkPolicy: kindFacts({
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
  }),
} as const;

/** An API server writes an empty status as `{}`. */
const balancer = /* @__PURE__ */ once(() =>
  z
    .object({
      loadBalancer: z
        .object({
          ingress: z.array(z.object({ ip: z.string().optional(), hostname: z.string().optional() })).nullish(),
        })
        .nullish(),
    })
    .optional(),
);
const balancersOf = (status: z.infer<ReturnType<typeof balancer>>): string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);

/** By the addresses that a balancer has been given; a name, or none yet, does not say. */
function isPublic(balancers: readonly string[]): Answer {
  const reaches = balancers.map((one) => (/^[\d.]+$|:/.test(one) ? reachOf(one) : 'a name'));
  if (reaches.includes('public')) return 'yes';
  return reaches.length === 0 || reaches.includes('a name') ? 'unknown' : 'no';
}

const service = /* @__PURE__ */ kindCollector(
  () => facts.service,
  () => ({
    item: z.object({
      spec: z.object({
        type: z.string().optional(),
        clusterIP: z.string().optional(),
        externalIPs: z.array(z.string()).nullish(),
        externalName: z.string().optional(),
        loadBalancerSourceRanges: z.array(z.string()).nullish(),
        ports: z
          .array(z.object({ port: z.number(), protocol: z.string().optional(), nodePort: z.number().optional() }))
          .nullish(),
      }),
      status: balancer(),
    }),
    toResource: ({ spec, status }) => {
      const { type = 'ClusterIP', externalIPs, ports } = spec;
      const balancers = balancersOf(status);
      const outside = [...balancers, ...(externalIPs ?? [])];
      const exposed = type === 'NodePort' || type === 'LoadBalancer' || outside.length > 0;
      return {
        configuration: fields({
          service_type: type,
          cluster_ip: spec.clusterIP,
          external_name: spec.externalName,
          ports: (ports ?? []).map(({ port, protocol }) => `${port}/${protocol ?? 'TCP'}`),
          node_ports: (ports ?? []).flatMap(({ nodePort }) => (nodePort === undefined ? [] : [String(nodePort)])),
          external_ips: externalIPs ?? [],
          load_balancer: balancers,
          source_ranges: spec.loadBalancerSourceRanges ?? [],
          exposed: known(exposed),
          public: exposed ? isPublic(outside) : 'no',
        }),
      };
    },
  }),
);

const ingress = /* @__PURE__ */ kindCollector(
  () => facts.ingress,
  () => ({
    item: z.object({
      spec: z.object({
        ingressClassName: z.string().nullish(),
        defaultBackend: z.object({}).nullish(),
        rules: z.array(z.object({ host: z.string().optional() })).nullish(),
        tls: z.array(z.object({ hosts: z.array(z.string()).nullish() })).nullish(),
      }),
      status: balancer(),
    }),
    toResource: ({ spec, status }) => {
      const hosts = (spec.rules ?? []).map(({ host }) => host ?? '*');
      const secured = (spec.tls ?? []).flatMap((one) => one.hosts ?? []);
      const balancers = balancersOf(status);
      return {
        configuration: fields({
          class: spec.ingressClassName ?? undefined,
          hosts,
          tls_hosts: secured,
          tls: tlsOf(hosts, secured, spec.tls ?? []),
          default_backend: known(spec.defaultBackend !== undefined && spec.defaultBackend !== null),
          load_balancer: balancers,
          public: isPublic(balancers),
        }),
      };
    },
  }),
);

/** Of every host it answers to. An entry without hosts is for whichever the controller takes. */
function tlsOf(
  hosts: readonly string[],
  secured: readonly string[],
  entries: readonly { readonly hosts?: readonly string[] | null | undefined }[],
): Answer {
  if (entries.some((entry) => (entry.hosts ?? []).length === 0)) return 'unknown';
  const covers = (host: string): boolean =>
    secured.some((one) => one === host || (one.startsWith('*.') && host.slice(host.indexOf('.')) === one.slice(1)));
  return known(hosts.length > 0 && hosts.every(covers));
}

/** What it takes of a rule: whether it narrows anything. An empty one lets everything through. */
const peers = /* @__PURE__ */ once(() =>
  z.array(z.object({ from: z.array(z.object({})).nullish(), to: z.array(z.object({})).nullish() })).nullish(),
);

const isOpen = (rules: z.infer<ReturnType<typeof peers>>, side: 'from' | 'to'): boolean =>
  (rules ?? []).some((rule) => (rule[side] ?? []).length === 0);

const networkPolicy = /* @__PURE__ */ kindCollector(
  () => facts.networkPolicy,
  () => ({
    item: z.object({
      spec: z.object({
        podSelector: z
          .object({
            matchLabels: z.record(z.string(), z.string()).nullish(),
            matchExpressions: z.array(z.object({})).nullish(),
          })
          .optional(),
        policyTypes: z.array(z.string()).nullish(),
        ingress: peers(),
        egress: peers(),
      }),
    }),
    toResource: ({ spec }) => {
      const { matchLabels, matchExpressions } = spec.podSelector ?? {};
      const types = spec.policyTypes ?? [];
      const everyPod = Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
      return {
        configuration: fields({
          policy_types: types,
          every_pod: known(everyPod),
          ingress_rules: spec.ingress?.length ?? 0,
          egress_rules: spec.egress?.length ?? 0,
          // A direction that a policy is not about is left to other policies, or to none.
          ingress_from_anywhere: types.includes('Ingress') ? known(isOpen(spec.ingress, 'from')) : 'unknown',
          egress_to_anywhere: types.includes('Egress') ? known(isOpen(spec.egress, 'to')) : 'unknown',
          default_deny_ingress: known(everyPod && types.includes('Ingress') && (spec.ingress ?? []).length === 0),
        }),
      };
    },
  }),
);

export const collectors = [service, ingress, networkPolicy];
