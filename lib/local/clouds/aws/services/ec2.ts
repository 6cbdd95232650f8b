import {
  DescribeInstancesResult$,
  DescribeRegionsResult$,
  DescribeSecurityGroupsResult$,
  DescribeSubnetsResult$,
  DescribeVolumesResult$,
  DescribeVpcsResult$,
} from '@aws-sdk/client-ec2';
import type { Schema } from '@smithy/types';
import { DISABLED_REGIONS } from '../accounts.ts';
import { instances, securityGroups, subnets, volumes, vpcs } from '../inventory/ec2.ts';
import type { Kind } from '../inventory/kind.ts';
import type { Call, Operation, Service } from './operation.ts';

function pageOf<T>(call: Call, kind: Kind<T>) {
  const limits = {
    size: call.param('MaxResults'),
    token: call.param('NextToken'),
    least: 5,
    most: 1000,
    otherwise: 1000,
  };
  return call.page(call.items(kind), limits);
}

function list<T>(name: string, schema: Schema, member: string, kind: Kind<T>): Operation {
  return {
    name,
    run(call) {
      const { items, next } = pageOf(call, kind);
      return { schema, value: { [member]: items, NextToken: next } };
    },
  };
}

const describeInstances: Operation = {
  name: 'DescribeInstances',
  run(call) {
    const { items, next } = pageOf(call, instances);
    // Two instances share a reservation now and then, as with one launch of several.
    const reservations = items.reduce<{ ReservationId: string; OwnerId: string; Instances: unknown[] }[]>(
      (all, item, n) => {
        const last = all.at(-1);
        if (n % 3 === 1 && last !== undefined) last.Instances.push(item);
        else all.push({ ReservationId: `r-${n}`, OwnerId: call.account.accountId, Instances: [item] });
        return all;
      },
      [],
    );
    return { schema: DescribeInstancesResult$, value: { Reservations: reservations, NextToken: next } };
  },
};

const describeRegions: Operation = {
  name: 'DescribeRegions',
  run(call) {
    const all = call.param('AllRegions') === 'true';
    const named = (names: readonly string[], status: string) =>
      names.map((RegionName) => ({ RegionName, Endpoint: `ec2.${RegionName}.amazonaws.com`, OptInStatus: status }));
    const Regions = [
      ...named(call.regions, 'opt-in-not-required'),
      ...(all ? named(DISABLED_REGIONS, 'not-opted-in') : []),
    ];
    return { schema: DescribeRegionsResult$, value: { Regions } };
  },
};

export const ec2: Service = {
  name: 'ec2',
  protocol: 'ec2',
  namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  global: false,
  throttle: { status: 503, code: 'RequestLimitExceeded' },
  denied: { status: 403, code: 'UnauthorizedOperation' },
  unknownKey: { status: 401, code: 'AuthFailure' },
  wrongSignature: { status: 401, code: 'AuthFailure' },
  operations: [
    describeRegions,
    describeInstances,
    list('DescribeVpcs', DescribeVpcsResult$, 'Vpcs', vpcs),
    list('DescribeSubnets', DescribeSubnetsResult$, 'Subnets', subnets),
    list('DescribeSecurityGroups', DescribeSecurityGroupsResult$, 'SecurityGroups', securityGroups),
    list('DescribeVolumes', DescribeVolumesResult$, 'Volumes', volumes),
  ],
};
