import { DescribeClustersCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields } from '../collector.ts';
import { ecsStatus, tags, tagsOf } from '../ecs.ts';

export const facts = {
  name: 'ecs_cluster',
  service: 'ecs',
  scope: 'region',
  types: ['ecs_cluster'],
  permissions: ['ecs:ListClusters', 'ecs:DescribeClusters'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    clusterArn: z.string(),
    clusterName: z.string().optional(),
    status: z.string().optional(),
    activeServicesCount: z.number().optional(),
    capacityProviders: z.array(z.string()).optional(),
    settings: z.array(z.object({ name: z.string().optional(), value: z.string().optional() })).optional(),
    configuration: z
      .object({
        executeCommandConfiguration: z
          .object({ kmsKeyId: z.string().optional(), logging: z.string().optional() })
          .optional(),
      })
      .optional(),
    tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(ECSClient).send(new ListClustersCommand({ maxResults: 100, nextToken: token }));
    return { items: answer.clusterArns, next: answer.nextToken };
  },
  describe: {
    batch: 100,
    // A cluster that was deleted meanwhile is left out, or inactive.
    async call(aws, arns) {
      const command = new DescribeClustersCommand({
        clusters: z.array(z.string()).parse(arns),
        include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS'],
      });
      return (await aws.client(ECSClient).send(command)).clusters ?? [];
    },
  },
  toResource: (item, { region }) => ({
    external_id: item.clusterArn,
    name: item.clusterName ?? item.clusterArn,
    region,
    status: ecsStatus(item.status),
    tags: tagsOf(item.tags),
    configuration: fields({
      services: item.activeServicesCount,
      capacity_providers: item.capacityProviders,
      container_insights: item.settings?.find(({ name }) => name === 'containerInsights')?.value ?? 'unknown',
      exec_logging: item.configuration?.executeCommandConfiguration?.logging,
      exec_kms_key: item.configuration?.executeCommandConfiguration?.kmsKeyId,
    }),
  }),
}));
