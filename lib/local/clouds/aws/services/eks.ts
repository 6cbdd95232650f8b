import { DescribeClusterResponse$, ListClustersResponse$ } from '@aws-sdk/client-eks';
import { eksClusters } from '../inventory/eks.ts';
import { SampleError, type Service } from './operation.ts';

/** A cluster's index out of its name; -1 for a name that is not one of ours. */
const indexOf = (name: string): number => Number(/^kubernetes-(\d+)$/.exec(name)?.[1] ?? -1);

export const eks: Service = {
  name: 'eks',
  protocol: 'rest-json',
  namespace: '',
  global: false,
  throttle: { status: 429, code: 'ThrottlingException' },
  denied: { status: 403, code: 'AccessDeniedException' },
  unknownKey: { status: 403, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 403, code: 'InvalidSignatureException' },
  operations: [
    {
      name: 'ListClusters',
      rest: { method: 'GET', path: '/clusters' },
      run(call) {
        const limits = {
          size: call.param('maxResults'),
          token: call.param('nextToken'),
          least: 1,
          most: 100,
          otherwise: 100,
          codes: { size: 'InvalidParameterException', token: 'InvalidParameterException' },
        };
        const { items, next } = call.page(call.items(eksClusters), limits);
        return { schema: ListClustersResponse$, value: { clusters: items.map(({ name }) => name), nextToken: next } };
      },
    },
    {
      name: 'DescribeCluster',
      rest: { method: 'GET', path: '/clusters/{name}' },
      run(call) {
        const name = call.param('name') ?? '';
        const cluster = call.items(eksClusters).withIndex(indexOf(name));
        if (cluster === undefined) {
          throw new SampleError(404, 'ResourceNotFoundException', `No cluster found for name: ${name}.`);
        }
        return { schema: DescribeClusterResponse$, value: { cluster } };
      },
    },
  ],
};
