import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';
import { podConfiguration, podTemplate } from '../pod-spec.ts';

/** What runs to an end, once or by a clock. @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
export const facts = {
  job: kindFacts({ group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs' }),
  cronJob: kindFacts({ group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs' }),
} as const;

const job = /* @__PURE__ */ kindCollector(
  () => facts.job,
  () => ({
    item: z.object({
      spec: z.object({
        parallelism: z.number().nullish(),
        completions: z.number().nullish(),
        backoffLimit: z.number().nullish(),
        suspend: z.boolean().nullish(),
        template: podTemplate(),
      }),
      status: z
        .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
        .optional(),
    }),
    toResource: ({ spec, status }) => {
      const ended = status?.conditions?.find(
        (condition) => condition.status === 'True' && ['Complete', 'Failed'].includes(condition.type),
      );
      return {
        status: ended?.type.toLowerCase() ?? (spec.suspend === true ? 'stopped' : 'active'),
        configuration: fields({
          parallelism: spec.parallelism ?? undefined,
          completions: spec.completions ?? undefined,
          backoff_limit: spec.backoffLimit ?? undefined,
          ...podConfiguration(spec.template.spec),
        }),
      };
    },
  }),
);

const cronJob = /* @__PURE__ */ kindCollector(
  () => facts.cronJob,
  () => ({
    item: z.object({
      spec: z.object({
        schedule: z.string(),
        timeZone: z.string().nullish(),
        suspend: z.boolean().nullish(),
        concurrencyPolicy: z.string().optional(),
        jobTemplate: z.object({ spec: z.object({ template: podTemplate() }) }),
      }),
    }),
    toResource: ({ spec }) => ({
      status: spec.suspend === true ? 'stopped' : 'active',
      configuration: fields({
        schedule: spec.schedule,
        time_zone: spec.timeZone ?? undefined,
        suspended: known(spec.suspend ?? false),
        concurrency: spec.concurrencyPolicy,
        ...podConfiguration(spec.jobTemplate.spec.template.spec),
      }),
    }),
  }),
);

export const collectors = [job, cronJob];
