import type { Cluster, Service } from '@aws-sdk/client-ecs';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { business, type Kind } from './kind.ts';

/** Clusters of a region that services run in; they are always there. */
export const sharedClusters = (region: string): number => [0, 0, 1, 2][business(region)] ?? 0;

export const ecsClusters: Kind<Cluster> = {
  name: 'ecs_cluster',
  global: false,
  count: (region) => ({ fixed: sharedClusters(region), growing: business(region) === 3 ? 1 : 0 }),
  make({ account, region, index, random }) {
    const name = `cluster-${index}`;
    const arn = `arn:aws:ecs:${region}:${account.accountId}:cluster/${name}`;
    const item: Cluster = {
      clusterArn: arn,
      clusterName: name,
      status: 'ACTIVE',
      registeredContainerInstancesCount: 0,
      runningTasksCount: random.below(40),
      pendingTasksCount: 0,
      activeServicesCount: random.below(9),
      configuration: {
        executeCommandConfiguration: { logging: 'OVERRIDE', logConfiguration: { s3KeyPrefix: CANARY } },
      },
      settings: [{ name: 'containerInsights', value: random.pick('enabled', 'disabled') }],
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      tags: [{ key: 'env', value: random.pick('prod', 'dev') }],
    };
    return { type: 'ecs_cluster', arn, item };
  },
  alter: (item, turn) => ({ ...item, activeServicesCount: (item.activeServicesCount ?? 0) + turn }),
};

/** Dealt out to the shared clusters in turn. */
export const ecsServices: Kind<Service> = {
  name: 'ecs_service',
  global: false,
  count: (region) => ({ fixed: 0, growing: [0, 0, 3, 24][business(region)] ?? 0 }),
  make(making) {
    const { account, region, index, random } = making;
    const cluster = `cluster-${index % Math.max(1, sharedClusters(region))}`;
    const name = `service-${index}`;
    const of = `arn:aws:ecs:${region}:${account.accountId}`;
    const arn = `${of}:service/${cluster}/${name}`;
    const item: Service = {
      serviceArn: arn,
      serviceName: name,
      clusterArn: `${of}:cluster/${cluster}`,
      status: 'ACTIVE',
      desiredCount: random.below(6),
      runningCount: random.below(6),
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      taskDefinition: `${of}:task-definition/${name}:${1 + random.below(60)}`,
      schedulingStrategy: 'REPLICA',
      createdAt: random.date(),
      createdBy: CANARY,
      enableExecuteCommand: random.chance(0.2),
      events: [{ id: random.hex(32), createdAt: random.date(), message: CANARY }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [idOf(making, 'subnet', index % 3)],
          securityGroups: [idOf(making, 'sg', 0)],
          assignPublicIp: random.chance(0.3) ? 'ENABLED' : 'DISABLED',
        },
      },
      tags: [{ key: 'env', value: random.pick('prod', 'dev') }],
    };
    return { type: 'ecs_service', arn, item };
  },
  alter: (item, turn) => ({ ...item, desiredCount: (item.desiredCount ?? 0) + turn }),
};
