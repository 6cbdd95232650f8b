import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { type AwsAccess, awsCollector, fields, time } from '../collector.ts';
import { ecsStatus, tags, tagsOf } from '../ecs.ts';
import { pagesWithin } from '../nested.ts';

export const facts = {
  name: 'ecs_service',
  service: 'ecs',
  scope: 'region',
  types: ['ecs_service'],
  // The list of clusters comes first but once; pages are counted as the first of these.
  permissions: ['ecs:ListServices', 'ecs:DescribeServices', 'ecs:ListClusters'],
} as const satisfies CollectorFacts;

async function listClusters(aws: AwsAccess, nextToken: string | undefined) {
  const answer = await aws.client(ECSClient).send(new ListClustersCommand({ maxResults: 100, nextToken }));
  // The name is as good as the ARN, and shorter.
  return { items: answer.clusterArns?.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)), next: answer.nextToken };
}

async function listServices(aws: AwsAccess, cluster: string, nextToken: string | undefined) {
  try {
    const command = new ListServicesCommand({ cluster, maxResults: 100, nextToken });
    const answer = await aws.client(ECSClient).send(command);
    return { items: answer.serviceArns?.map((service) => ({ cluster, service })), next: answer.nextToken };
  } catch (error) {
    // Deleted since the clusters were listed.
    if (error instanceof ClusterNotFoundException) return { items: [] };
    throw error;
  }
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    serviceArn: z.string(),
    serviceName: z.string().optional(),
    clusterArn: z.string().optional(),
    status: z.string().optional(),
    createdAt: z.date().optional(),
    desiredCount: z.number().optional(),
    launchType: z.string().optional(),
    platformVersion: z.string().optional(),
    schedulingStrategy: z.string().optional(),
    taskDefinition: z.string().optional(),
    roleArn: z.string().optional(),
    enableExecuteCommand: z.boolean().optional(),
    networkConfiguration: z
      .object({
        awsvpcConfiguration: z
          .object({
            subnets: z.array(z.string()).optional(),
            securityGroups: z.array(z.string()).optional(),
            assignPublicIp: z.string().optional(),
          })
          .optional(),
      })
      .optional(),
    tags,
  }),
  page: pagesWithin({ parents: listClusters, within: listServices }),
  describe: {
    batch: 10,
    // A page is of one cluster. A service that was deleted meanwhile is left out, or inactive.
    async call(aws, items) {
      const listed = z.array(z.object({ cluster: z.string(), service: z.string() })).parse(items);
      const services = listed.map(({ service }) => service);
      const command = new DescribeServicesCommand({ cluster: listed[0]?.cluster, services, include: ['TAGS'] });
      return (await aws.client(ECSClient).send(command)).services ?? [];
    },
  },
  toResource: (item, { region }) => {
    const network = item.networkConfiguration?.awsvpcConfiguration;
    const publicIp = network?.assignPublicIp;
    return {
      external_id: item.serviceArn,
      name: item.serviceName ?? item.serviceArn,
      region,
      status: ecsStatus(item.status),
      tags: tagsOf(item.tags),
      ...time(item.createdAt),
      configuration: fields({
        cluster: item.clusterArn,
        desired_count: item.desiredCount,
        launch_type: item.launchType,
        platform_version: item.platformVersion,
        scheduling: item.schedulingStrategy,
        task_definition: item.taskDefinition,
        role: item.roleArn,
        public_ip: publicIp === undefined ? 'unknown' : publicIp === 'ENABLED' ? 'yes' : 'no',
        exec_enabled: known(item.enableExecuteCommand),
        subnets: network?.subnets,
        security_groups: network?.securityGroups,
      }),
    };
  },
}));
