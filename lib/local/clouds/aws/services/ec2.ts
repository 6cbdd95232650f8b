import {
  DescribeAddressesResult$,
  DescribeImagesResult$,
  DescribeInstancesResult$,
  DescribeInternetGatewaysResult$,
  DescribeLaunchTemplatesResult$,
  DescribeNatGatewaysResult$,
  DescribeNetworkInterfacesResult$,
  DescribeRegionsResult$,
  DescribeRouteTablesResult$,
  DescribeSecurityGroupsResult$,
  DescribeSnapshotsResult$,
  DescribeSubnetsResult$,
  DescribeTransitGatewaysResult$,
  DescribeVolumesResult$,
  DescribeVpcEndpointsResult$,
  DescribeVpcsResult$,
} from '@aws-sdk/client-ec2';
import type { Schema } from '@smithy/types';
import { DISABLED_REGIONS } from '../accounts.ts';
import { instances, securityGroups, subnets, volumes, vpcs } from '../inventory/ec2.ts';
import { images, launchTemplates, PUBLIC_IMAGE, PUBLIC_SNAPSHOT, snapshots } from '../inventory/ec2-images.ts';
import {
  addresses,
  internetGateways,
  natGateways,
  networkInterfaces,
  routeTables,
  transitGateways,
  vpcEndpoints,
} from '../inventory/ec2-network.ts';
import type { Kind } from '../inventory/kind.ts';
import { type Call, type Operation, SampleError, type Service } from './operation.ts';

/** Most lists take pages of 5 to 1,000. */
const USUAL = { least: 5, most: 1000 };

function pageOf<T>(call: Call, kind: Kind<T>, { least, most } = USUAL) {
  const limits = { size: call.param('MaxResults'), token: call.param('NextToken'), least, most, otherwise: most };
  return call.page(call.items(kind), limits);
}

function list<T>(name: string, schema: Schema, member: string, kind: Kind<T>, limits = USUAL): Operation {
  return {
    name,
    run(call) {
      const { items, next } = pageOf(call, kind, limits);
      return { schema, value: { [member]: items, NextToken: next } };
    },
  };
}

/** A list that holds what everybody may use as well, unless it is narrowed to the account's own. */
function ownedList<T>(
  name: string,
  schema: Schema,
  member: string,
  kind: Kind<T>,
  everybodys: T,
  shows: (item: T, call: Call) => boolean = () => true,
): Operation {
  return {
    name,
    run(call) {
      const owner = call.param('Owner.1');
      const isOwn = owner === 'self' || owner === call.account.accountId;
      const own = isOwn || owner === undefined ? pageOf(call, kind) : { items: [], next: undefined };
      const others = isOwn || call.param('NextToken') !== undefined ? [] : [everybodys];
      // What is not shown is taken out of the page that was cut: EC2's pages may be short as well.
      const items = [...others, ...own.items].filter((item) => shows(item, call));
      return { schema, value: { [member]: items, NextToken: own.next } };
    },
  };
}

/** It has no pages, and takes no size of them. */
const describeAddresses: Operation = {
  name: 'DescribeAddresses',
  run(call) {
    for (const name of ['MaxResults', 'NextToken']) {
      if (call.param(name) === undefined) continue;
      throw new SampleError(400, 'UnknownParameter', `The parameter ${name} is not recognized`);
    }
    const items = call.items(addresses);
    return { schema: DescribeAddressesResult$, value: { Addresses: items.slice(0, items.length) } };
  },
};

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
    ownedList('DescribeSnapshots', DescribeSnapshotsResult$, 'Snapshots', snapshots, PUBLIC_SNAPSHOT),
    ownedList(
      'DescribeImages',
      DescribeImagesResult$,
      'Images',
      images,
      PUBLIC_IMAGE,
      ({ State }, call) => State !== 'disabled' || call.param('IncludeDisabled') === 'true',
    ),
    describeAddresses,
    list('DescribeNatGateways', DescribeNatGatewaysResult$, 'NatGateways', natGateways),
    list('DescribeNetworkInterfaces', DescribeNetworkInterfacesResult$, 'NetworkInterfaces', networkInterfaces),
    list('DescribeInternetGateways', DescribeInternetGatewaysResult$, 'InternetGateways', internetGateways),
    list('DescribeRouteTables', DescribeRouteTablesResult$, 'RouteTables', routeTables, { least: 5, most: 100 }),
    list('DescribeVpcEndpoints', DescribeVpcEndpointsResult$, 'VpcEndpoints', vpcEndpoints),
    list('DescribeLaunchTemplates', DescribeLaunchTemplatesResult$, 'LaunchTemplates', launchTemplates, {
      least: 1,
      most: 200,
    }),
    list('DescribeTransitGateways', DescribeTransitGatewaysResult$, 'TransitGateways', transitGateways),
  ],
};
