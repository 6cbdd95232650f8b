import * as z from 'zod';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { once } from '../once.ts';

/** What bounds workloads. @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/ */
export const facts = {
  podDisruptionBudget: kindFacts({
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
  }),
  resourceQuota: kindFacts({ group: '', version: 'v1', kind: 'ResourceQuota', plural: 'resourcequotas' }),
} as const;

/** A number, or a percentage as text. */
const amount = /* @__PURE__ */ once(() => z.union([z.number(), z.string()]).nullish());

const podDisruptionBudget = /* @__PURE__ */ kindCollector(
  () => facts.podDisruptionBudget,
  () => ({
    item: z.object({
      spec: z.object({
        minAvailable: amount(),
        maxUnavailable: amount(),
        unhealthyPodEvictionPolicy: z.string().nullish(),
      }),
    }),
    toResource: ({ spec }) => ({
      configuration: fields({
        min_available: spec.minAvailable ?? undefined,
        max_unavailable: spec.maxUnavailable ?? undefined,
        unhealthy_eviction: spec.unhealthyPodEvictionPolicy ?? undefined,
      }),
    }),
  }),
);

const resourceQuota = /* @__PURE__ */ kindCollector(
  () => facts.resourceQuota,
  () => ({
    item: z.object({
      spec: z.object({ hard: z.record(z.string(), amount()).nullish(), scopes: z.array(z.string()).nullish() }),
    }),
    toResource: ({ spec }) => ({
      configuration: fields({
        hard: Object.entries(spec.hard ?? {})
          .map(([resource, most]) => `${resource}=${most}`)
          .sort(),
        scopes: spec.scopes ?? [],
      }),
    }),
  }),
);

export const collectors = [podDisruptionBudget, resourceQuota];
