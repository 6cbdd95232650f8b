import type { SampleAccount } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import { certificates } from './acm.ts';
import { httpApis, restApis } from './apigateway.ts';
import { scalingGroups } from './auto-scaling.ts';
import { stacks } from './cloudformation.ts';
import { trails } from './cloudtrail.ts';
import { alarms } from './cloudwatch.ts';
import { instances, securityGroups, subnets, volumes, vpcs } from './ec2.ts';
import { images, launchTemplates, snapshots } from './ec2-images.ts';
import {
  addresses,
  internetGateways,
  natGateways,
  networkInterfaces,
  routeTables,
  transitGateways,
  vpcEndpoints,
} from './ec2-network.ts';
import { repositories } from './ecr.ts';
import { ecsClusters, ecsServices } from './ecs.ts';
import { fileSystems } from './efs.ts';
import { eksClusters } from './eks.ts';
import { caches } from './elasticache.ts';
import { classicLoadBalancers, loadBalancers, targetGroups } from './elb.ts';
import { rules } from './events.ts';
import { jobs } from './glue.ts';
import { groups, policies, roles, users } from './iam.ts';
import type { Kind } from './kind.ts';
import { streams } from './kinesis.ts';
import { keys } from './kms.ts';
import { Listing } from './listing.ts';
import { logGroups } from './logs.ts';
import { domains } from './opensearch.ts';
import { buckets, distributions, functions, tables } from './others.ts';
import { clusters, databases, dbSnapshots } from './rds.ts';
import { warehouses } from './redshift.ts';
import { hostedZones } from './route53.ts';
import { secrets } from './secretsmanager.ts';
import { topics } from './sns.ts';
import { queues } from './sqs.ts';
import { parameters } from './ssm.ts';
import { stateMachines } from './states.ts';
import { globalAcls, regionalAcls } from './wafv2.ts';

/** REGISTRY: every kind of resource that the sample account holds. */
const kinds: readonly Kind<unknown>[] = [
  vpcs,
  subnets,
  securityGroups,
  instances,
  volumes,
  databases,
  clusters,
  functions,
  tables,
  buckets,
  distributions,
  roles,
  users,
  snapshots,
  images,
  launchTemplates,
  addresses,
  natGateways,
  networkInterfaces,
  internetGateways,
  routeTables,
  vpcEndpoints,
  transitGateways,
  loadBalancers,
  targetGroups,
  classicLoadBalancers,
  scalingGroups,
  httpApis,
  restApis,
  trails,
  rules,
  jobs,
  streams,
  keys,
  logGroups,
  secrets,
  topics,
  queues,
  parameters,
  stateMachines,
  globalAcls,
  regionalAcls,
  certificates,
  stacks,
  alarms,
  repositories,
  ecsClusters,
  ecsServices,
  fileSystems,
  eksClusters,
  caches,
  groups,
  policies,
  domains,
  warehouses,
  hostedZones,
  dbSnapshots,
];

/** By type, then by region, the ARNs of everything that the seed generated. */
export function inventoryOf(account: SampleAccount, knobs: Knobs): Record<string, Record<string, string[]>> {
  const all: Record<string, Record<string, string[]>> = {};
  for (const kind of kinds) {
    for (const region of kind.global ? ['us-east-1'] : knobs.regions) {
      for (const { type, arn } of new Listing(account, kind, region, knobs).made()) {
        all[type] ??= {};
        const ofType = all[type];
        const place = kind.global ? 'global' : region;
        ofType[place] ??= [];
        ofType[place].push(arn);
      }
    }
  }
  return all;
}

/** How many resources each kind has in each region, without making them; one name may have two kinds. */
export function countsOf(account: SampleAccount, knobs: Knobs): Record<string, Record<string, number>> {
  const all: Record<string, Record<string, number>> = {};
  for (const kind of kinds) {
    for (const region of kind.global ? ['us-east-1'] : knobs.regions) {
      const { length } = new Listing(account, kind, region, knobs);
      all[kind.name] = { ...all[kind.name], [kind.global ? 'global' : region]: length };
    }
  }
  return all;
}
