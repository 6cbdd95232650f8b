import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { once } from '../once.ts';

/** What the cluster is made of and how it is shared. @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/ */
export const facts = {
  namespace: kindFacts({ group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces' }),
  node: kindFacts({ group: '', version: 'v1', kind: 'Node', plural: 'nodes' }),
} as const;

const labels = /* @__PURE__ */ once(() => z.object({ labels: z.record(z.string(), z.string()).nullish() }));

const namespace = /* @__PURE__ */ kindCollector(
  () => facts.namespace,
  () => ({
    item: z.object({ metadata: labels(), status: z.object({ phase: z.string().optional() }).optional() }),
    toResource: ({ metadata, status }) => ({
      status: status?.phase?.toLowerCase() ?? 'unknown',
      configuration: fields({
        pod_security_enforce: metadata.labels?.['pod-security.kubernetes.io/enforce'] ?? 'unknown',
      }),
    }),
  }),
);

const node = /* @__PURE__ */ kindCollector(
  () => facts.node,
  () => ({
    item: z.object({
      metadata: labels(),
      spec: z.object({
        providerID: z.string().optional(),
        unschedulable: z.boolean().optional(),
        taints: z.array(z.object({ key: z.string(), effect: z.string() })).nullish(),
      }),
      status: z
        .object({
          capacity: z.object({ cpu: z.string().optional(), memory: z.string().optional() }).optional(),
          conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish(),
          addresses: z.array(z.object({ type: z.string(), address: z.string() })).nullish(),
          nodeInfo: z
            .object({
              kubeletVersion: z.string().optional(),
              osImage: z.string().optional(),
              kernelVersion: z.string().optional(),
              architecture: z.string().optional(),
              containerRuntimeVersion: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
    }),
    toResource: ({ metadata, spec, status }) => {
      const address = (type: string) => status?.addresses?.find((one) => one.type === type)?.address;
      const label = (name: string) => metadata.labels?.[name];
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
      const roles = Object.keys(metadata.labels ?? {}).flatMap(
        (key) => /^node-role\.kubernetes\.io\/(.+)$/.exec(key)?.[1] ?? [],
      );
      return {
        status: READY[ready ?? ''] ?? 'unknown',
        configuration: fields({
          kubelet_version: status?.nodeInfo?.kubeletVersion,
          os_image: status?.nodeInfo?.osImage,
          kernel_version: status?.nodeInfo?.kernelVersion,
          architecture: status?.nodeInfo?.architecture,
          container_runtime: status?.nodeInfo?.containerRuntimeVersion,
          instance_type: label('node.kubernetes.io/instance-type'),
          zone: label('topology.kubernetes.io/zone'),
          cloud_region: label('topology.kubernetes.io/region'),
          provider_id: spec.providerID,
          roles: roles.sort(),
          taints: (spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`),
          unschedulable: known(spec.unschedulable ?? false),
          cpu: status?.capacity?.cpu,
          memory: status?.capacity?.memory,
          internal_ip: address('InternalIP'),
          external_ip: address('ExternalIP'),
          public_address: status?.addresses ? known(address('ExternalIP') !== undefined) : 'unknown',
        }),
      };
    },
  }),
);

/** Whether it is ready -> our word. */
const READY: Readonly<Record<string, string>> = { True: 'active', False: 'not_ready' };

export const collectors = [namespace, node];
