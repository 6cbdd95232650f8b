import { DescribeAccessPointsOutput$ } from '@aws-sdk/client-elastic-load-balancing';
import { DescribeLoadBalancersOutput$, DescribeTargetGroupsOutput$ } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Schema } from '@smithy/types';
import { classicLoadBalancers, loadBalancers, targetGroups } from '../inventory/elb.ts';
import type { Kind } from '../inventory/kind.ts';
import type { Operation, Service } from './operation.ts';

const list = <T>(name: string, schema: Schema, member: string, kind: Kind<T>): Operation => ({
  name,
  run(call) {
    const limits = {
      size: call.param('PageSize'),
      token: call.param('Marker'),
      least: 1,
      most: 400,
      otherwise: 400,
      codes: { size: 'ValidationError', token: 'ValidationError' },
    };
    const { items, next } = call.page(call.items(kind), limits);
    return { schema, value: { [member]: items, NextMarker: next } };
  },
});

/** Two APIs that sign with one name and have an action of the same name: the version tells them apart. */
const both = {
  name: 'elasticloadbalancing',
  protocol: 'query',
  global: false,
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
} as const;

export const elbv2: Service = {
  ...both,
  version: '2015-12-01',
  namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  operations: [
    list('DescribeLoadBalancers', DescribeLoadBalancersOutput$, 'LoadBalancers', loadBalancers),
    list('DescribeTargetGroups', DescribeTargetGroupsOutput$, 'TargetGroups', targetGroups),
  ],
};

export const elbClassic: Service = {
  ...both,
  version: '2012-06-01',
  namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/',
  operations: [
    list('DescribeLoadBalancers', DescribeAccessPointsOutput$, 'LoadBalancerDescriptions', classicLoadBalancers),
  ],
};
