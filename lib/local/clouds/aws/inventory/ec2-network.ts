import type {
  Address,
  InternetGateway,
  NatGateway,
  NetworkInterface,
  RouteTable,
  TransitGateway,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { CANARY } from '../accounts.ts';
import { arn, idOf } from './ec2-ids.ts';
import { altered, byBusiness, type Kind, tagsFor } from './kind.ts';

export const addresses: Kind<Address> = {
  name: 'elastic_ip',
  global: false,
  count: byBusiness([0, 0, 1, 3]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'eipalloc', index);
    const item: Address = {
      AllocationId: id,
      PublicIp: `198.51.${100 + (Math.floor(index / 250) % 100)}.${index % 250}`,
      Domain: 'vpc',
      NetworkBorderGroup: making.region,
      PublicIpv4Pool: 'amazon',
      // The last of three is paid for and used by nothing.
      ...(index % 3 === 2
        ? {}
        : {
            AssociationId: idOf(making, 'eipassoc', index),
            NetworkInterfaceId: idOf(making, 'eni', index),
            NetworkInterfaceOwnerId: making.account.accountId,
            PrivateIpAddress: `10.0.0.${index % 250}`,
          }),
      Tags: tagsFor(random, `address-${index}`),
    };
    return { type: 'elastic_ip', arn: arn(making, `elastic-ip/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const natGateways: Kind<NatGateway> = {
  name: 'nat_gateway',
  global: false,
  count: byBusiness([0, 0, 1, 2]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'nat', index);
    const isPrivate = index % 5 === 4;
    const address = { NetworkInterfaceId: idOf(making, 'eni', index), PrivateIp: `10.0.1.${index % 250}` };
    const item: NatGateway = {
      NatGatewayId: id,
      VpcId: idOf(making, 'vpc', 0),
      SubnetId: idOf(making, 'subnet', index % 3),
      // A deleted one is listed for about an hour.
      State: index % 8 === 7 ? 'deleted' : 'available',
      CreateTime: random.date(),
      ConnectivityType: isPrivate ? 'private' : 'public',
      NatGatewayAddresses: [
        isPrivate
          ? address
          : { ...address, AllocationId: idOf(making, 'eipalloc', index), PublicIp: `198.51.100.${index % 250}` },
      ],
      Tags: tagsFor(random, `nat-${index}`),
    };
    return { type: 'nat_gateway', arn: arn(making, `natgateway/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const networkInterfaces: Kind<NetworkInterface> = {
  name: 'network_interface',
  global: false,
  count: byBusiness([0, 2, 14, 50]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'eni', index);
    const isUsed = index % 10 !== 9;
    const item: NetworkInterface = {
      NetworkInterfaceId: id,
      OwnerId: making.account.accountId,
      VpcId: idOf(making, 'vpc', 0),
      SubnetId: idOf(making, 'subnet', index % 3),
      AvailabilityZone: `${making.region}${'abc'.charAt(index % 3)}`,
      InterfaceType: random.pick('interface', 'lambda', 'vpc_endpoint', 'network_load_balancer'),
      RequesterManaged: random.chance(0.4),
      Description: CANARY,
      Status: isUsed ? 'in-use' : 'available',
      SourceDestCheck: random.chance(0.9),
      PrivateIpAddress: `172.31.${index % 250}.${random.below(250) + 4}`,
      ...(isUsed
        ? {
            Attachment: { InstanceId: idOf(making, 'i', index), Status: 'attached', DeviceIndex: 0 },
            ...(random.chance(0.3)
              ? { Association: { PublicIp: `203.0.113.${index % 250}`, IpOwnerId: 'amazon' } }
              : {}),
          }
        : {}),
      Groups: [{ GroupId: idOf(making, 'sg', 0), GroupName: 'default' }],
      TagSet: tagsFor(random, `interface-${index}`),
    };
    return { type: 'network_interface', arn: arn(making, `network-interface/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, TagSet: altered(item.TagSet, turn) }),
};

/** EC2's own word for an attached one is `available`, which the SDK's list of words lacks. */
type Gateway = Omit<InternetGateway, 'Attachments'> & { Attachments: { State: string; VpcId: string }[] };

/** One for each VPC, so that the default one has its own. */
export const internetGateways: Kind<Gateway> = {
  name: 'internet_gateway',
  global: false,
  count: (region) => ({ fixed: 1, growing: byBusiness([0, 0, 1, 2])(region).growing }),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'igw', index);
    const item: Gateway = {
      InternetGatewayId: id,
      OwnerId: making.account.accountId,
      Attachments: index % 4 === 3 ? [] : [{ State: 'available', VpcId: idOf(making, 'vpc', index) }],
      Tags: index === 0 ? [] : tagsFor(random, `gateway-${index}`),
    };
    return { type: 'internet_gateway', arn: arn(making, `internet-gateway/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const routeTables: Kind<RouteTable> = {
  name: 'route_table',
  global: false,
  count: (region) => ({ fixed: 1, growing: byBusiness([0, 0, 3, 8])(region).growing }),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'rtb', index);
    const isMain = index === 0;
    const local = { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable' } as const;
    const out = { DestinationCidrBlock: '0.0.0.0/0', Origin: 'CreateRoute' } as const;
    const toWorld = isMain || random.chance(0.5);
    const item: RouteTable = {
      RouteTableId: id,
      OwnerId: making.account.accountId,
      VpcId: idOf(making, 'vpc', 0),
      Associations: [
        {
          Main: isMain,
          RouteTableId: id,
          RouteTableAssociationId: idOf(making, 'rtbassoc', index),
          ...(isMain ? {} : { SubnetId: idOf(making, 'subnet', index % 3) }),
          AssociationState: { State: 'associated' },
        },
      ],
      Routes: [
        { ...local, State: 'active' },
        toWorld
          ? { ...out, GatewayId: idOf(making, 'igw', 0), State: 'active' }
          : { ...out, NatGatewayId: idOf(making, 'nat', 0), State: index % 6 === 5 ? 'blackhole' : 'active' },
      ],
      Tags: isMain ? [] : tagsFor(random, `routes-${index}`),
    };
    return { type: 'route_table', arn: arn(making, `route-table/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const vpcEndpoints: Kind<VpcEndpoint> = {
  name: 'vpc_endpoint',
  global: false,
  count: byBusiness([0, 0, 2, 5]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'vpce', index);
    const isGateway = index % 2 === 0;
    const item: VpcEndpoint = {
      VpcEndpointId: id,
      OwnerId: making.account.accountId,
      VpcEndpointType: isGateway ? 'Gateway' : 'Interface',
      VpcId: idOf(making, 'vpc', 0),
      ServiceName: `com.amazonaws.${making.region}.${isGateway ? random.pick('s3', 'dynamodb') : 'secretsmanager'}`,
      State: 'Available',
      PolicyDocument: JSON.stringify({ Version: '2008-10-17', Statement: [{ Sid: CANARY, Effect: 'Allow' }] }),
      RequesterManaged: false,
      CreationTimestamp: random.date(),
      ...(isGateway
        ? { RouteTableIds: [idOf(making, 'rtb', 0)], PrivateDnsEnabled: false }
        : {
            SubnetIds: [idOf(making, 'subnet', 0), idOf(making, 'subnet', 1)],
            NetworkInterfaceIds: [idOf(making, 'eni', index)],
            Groups: [{ GroupId: idOf(making, 'sg', 0), GroupName: 'default' }],
            PrivateDnsEnabled: random.chance(0.8),
          }),
      Tags: tagsFor(random, `endpoint-${index}`),
    };
    return { type: 'vpc_endpoint', arn: arn(making, `vpc-endpoint/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const transitGateways: Kind<TransitGateway> = {
  name: 'transit_gateway',
  global: false,
  count: byBusiness([0, 0, 0, 1]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'tgw', index);
    const item: TransitGateway = {
      TransitGatewayId: id,
      TransitGatewayArn: arn(making, `transit-gateway/${id}`),
      OwnerId: making.account.accountId,
      State: 'available',
      Description: CANARY,
      CreationTime: random.date(),
      Options: {
        AmazonSideAsn: 64512 + (index % 1000),
        AutoAcceptSharedAttachments: random.pick('enable', 'disable'),
        DefaultRouteTableAssociation: 'enable',
        DefaultRouteTablePropagation: random.pick('enable', 'disable'),
        DnsSupport: 'enable',
        VpnEcmpSupport: 'enable',
        MulticastSupport: 'disable',
      },
      Tags: tagsFor(random, `transit-${index}`),
    };
    return { type: 'transit_gateway', arn: arn(making, `transit-gateway/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};
