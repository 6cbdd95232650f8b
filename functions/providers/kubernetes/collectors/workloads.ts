import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { podConfiguration, podSpec, podTemplate } from '../pod-spec.ts';

/** What runs, and what makes it run. @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
export const facts = {
  deployment: kindFacts({ group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments' }),
  replicaSet: kindFacts({ group: 'apps', version: 'v1', kind: 'ReplicaSet', plural: 'replicasets' }),
  daemonSet: kindFacts({ group: 'apps', version: 'v1', kind: 'DaemonSet', plural: 'daemonsets' }),
  statefulSet: kindFacts({ group: 'apps', version: 'v1', kind: 'StatefulSet', plural: 'statefulsets' }),
  pod: kindFacts({ group: '', version: 'v1', kind: 'Pod', plural: 'pods' }),
  horizontalPodAutoscaler: kindFacts({
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
  }),
} as const;

/** Numbers that change by themselves, such as ready replicas, are left out: each would be a change of the resource. */
const deployment = /* @__PURE__ */ kindCollector(
  () => facts.deployment,
  () => ({
    item: z.object({
      spec: z.object({
        replicas: z.number().nullish(),
        paused: z.boolean().optional(),
        strategy: z.object({ type: z.string().optional() }).optional(),
        template: podTemplate(),
      }),
    }),
    toResource: ({ spec }) => ({
      status: statusOf(spec.replicas),
      configuration: fields({
        replicas: spec.replicas ?? 1,
        paused: known(spec.paused ?? false),
        strategy: spec.strategy?.type,
        ...podConfiguration(spec.template.spec),
      }),
    }),
  }),
);

const replicaSet = /* @__PURE__ */ kindCollector(
  () => facts.replicaSet,
  () => ({
    item: z.object({ spec: z.object({ replicas: z.number().nullish(), template: podTemplate() }) }),
    toResource: ({ spec }) => ({
      status: statusOf(spec.replicas),
      configuration: fields({ replicas: spec.replicas ?? 1, ...podConfiguration(spec.template.spec) }),
    }),
  }),
);

const daemonSet = /* @__PURE__ */ kindCollector(
  () => facts.daemonSet,
  () => ({
    item: z.object({
      spec: z.object({ updateStrategy: z.object({ type: z.string().optional() }).optional(), template: podTemplate() }),
    }),
    toResource: ({ spec }) => ({
      configuration: fields({ strategy: spec.updateStrategy?.type, ...podConfiguration(spec.template.spec) }),
    }),
  }),
);

const statefulSet = /* @__PURE__ */ kindCollector(
  () => facts.statefulSet,
  () => ({
    item: z.object({
      spec: z.object({
        replicas: z.number().nullish(),
        serviceName: z.string().optional(),
        updateStrategy: z.object({ type: z.string().optional() }).optional(),
        volumeClaimTemplates: z.array(z.object({})).nullish(),
        template: podTemplate(),
      }),
    }),
    toResource: ({ spec }) => ({
      status: statusOf(spec.replicas),
      configuration: fields({
        replicas: spec.replicas ?? 1,
        service: spec.serviceName,
        strategy: spec.updateStrategy?.type,
        volume_claims: spec.volumeClaimTemplates?.length ?? 0,
        ...podConfiguration(spec.template.spec),
      }),
    }),
  }),
);

/** The cloud's words for a pod's phase -> ours; the others stand as they are. */
const PHASE: Readonly<Record<string, string>> = { running: 'active' };

const pod = /* @__PURE__ */ kindCollector(
  () => facts.pod,
  () => ({
    item: z.object({
      spec: podSpec(),
      status: z.object({ phase: z.string().optional(), qosClass: z.string().optional() }).optional(),
    }),
    toResource: ({ spec, status }) => {
      const phase = status?.phase?.toLowerCase() ?? 'unknown';
      return {
        status: PHASE[phase] ?? phase,
        configuration: fields({ node: spec.nodeName, qos_class: status?.qosClass, ...podConfiguration(spec) }),
      };
    },
  }),
);

const horizontalPodAutoscaler = /* @__PURE__ */ kindCollector(
  () => facts.horizontalPodAutoscaler,
  () => ({
    item: z.object({
      spec: z.object({
        scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
        minReplicas: z.number().nullish(),
        maxReplicas: z.number(),
        metrics: z.array(z.object({ type: z.string() })).nullish(),
      }),
    }),
    toResource: ({ spec }) => ({
      configuration: fields({
        target: `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
        min_replicas: spec.minReplicas ?? 1,
        max_replicas: spec.maxReplicas,
        metrics: (spec.metrics ?? []).map(({ type }) => type),
      }),
    }),
  }),
);

export const collectors = [deployment, replicaSet, daemonSet, statefulSet, pod, horizontalPodAutoscaler];

/** Absent replicas are one. */
function statusOf(replicas: number | null | undefined): string {
  return replicas === 0 ? 'stopped' : 'active';
}
