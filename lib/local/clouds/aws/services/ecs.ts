import {
  DescribeClustersResponse$,
  DescribeServicesResponse$,
  ListClustersResponse$,
  ListServicesResponse$,
} from '@aws-sdk/client-ecs';
import { ecsClusters, ecsServices, sharedClusters } from '../inventory/ecs.ts';
import { jsonRefusals } from './json-refusals.ts';
import { type Call, SampleError, type Service } from './operation.ts';

const limitsOf = (call: Call, otherwise: number) => ({
  size: call.param('maxResults'),
  token: call.param('nextToken'),
  least: 1,
  most: 100,
  otherwise,
  codes: { size: 'InvalidParameterException', token: 'InvalidParameterException' },
});

/** An index out of a name or an ARN; -1 for one that is not ours. */
const indexOf = (kind: string, nameOrArn: string): number =>
  Number(new RegExp(`(?:^|/)${kind}-(\\d+)$`).exec(nameOrArn)?.[1] ?? -1);

/** At most so many may be named at a time. @throws SampleError */
function named(call: Call, list: string, most: number): readonly string[] {
  const names = call.list(list);
  if (names.length <= most) return names;
  throw new SampleError(400, 'InvalidParameterException', `${list} can have at most ${most} items.`);
}

const MISSING = 'MISSING';

/** The cluster that a call names by name or ARN, by its index. @throws SampleError */
function clusterOf(call: Call): number {
  const index = indexOf('cluster', call.param('cluster') ?? '');
  if (call.items(ecsClusters).withIndex(index) === undefined) {
    throw new SampleError(400, 'ClusterNotFoundException', 'Cluster not found.');
  }
  return index;
}

export const ecs: Service = {
  ...jsonRefusals,
  name: 'ecs',
  operations: [
    {
      name: 'ListClusters',
      run(call) {
        const { items, next } = call.page(call.items(ecsClusters), limitsOf(call, 100));
        const value = { clusterArns: items.map(({ clusterArn }) => clusterArn), nextToken: next };
        return { schema: ListClustersResponse$, value };
      },
    },
    {
      name: 'DescribeClusters',
      run(call) {
        const include = call.list('include');
        const all = named(call, 'clusters', 100).map((one) => ({
          arn: one,
          cluster: call.items(ecsClusters).withIndex(indexOf('cluster', one)),
        }));
        const found = all.flatMap(({ cluster }) => {
          if (cluster === undefined) return [];
          const { tags, settings, configuration, ...always } = cluster;
          const asked = [
            include.includes('TAGS') ? { tags } : {},
            include.includes('SETTINGS') ? { settings } : {},
            include.includes('CONFIGURATIONS') ? { configuration } : {},
          ];
          return [Object.assign({ ...always, settings: [], tags: [] }, ...asked)];
        });
        const failures = all.flatMap(({ arn, cluster }) => (cluster === undefined ? [{ arn, reason: MISSING }] : []));
        return { schema: DescribeClustersResponse$, value: { clusters: found, failures } };
      },
    },
    {
      name: 'ListServices',
      run(call) {
        const cluster = clusterOf(call);
        const shared = Math.max(1, sharedClusters(call.region));
        const services = cluster < shared ? call.items(ecsServices).dealt(shared, cluster) : [];
        // Without a size it answers ten.
        const { items, next } = call.page(services, limitsOf(call, 10));
        const value = { serviceArns: items.map(({ serviceArn }) => serviceArn), nextToken: next };
        return { schema: ListServicesResponse$, value };
      },
    },
    {
      name: 'DescribeServices',
      run(call) {
        const cluster = clusterOf(call);
        const withTags = call.list('include').includes('TAGS');
        const all = named(call, 'services', 10).map((arn) => {
          const service = call.items(ecsServices).withIndex(indexOf('service', arn));
          const here = indexOf('cluster', service?.clusterArn ?? '') === cluster;
          return { arn, service: here ? service : undefined };
        });
        const services = all.flatMap(({ service }) =>
          service === undefined ? [] : [withTags ? service : { ...service, tags: [] }],
        );
        const failures = all.flatMap(({ arn, service }) => (service === undefined ? [{ arn, reason: MISSING }] : []));
        return { schema: DescribeServicesResponse$, value: { services, failures } };
      },
    },
  ],
};
