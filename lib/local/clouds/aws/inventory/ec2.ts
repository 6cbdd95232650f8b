import type { Instance, SecurityGroup, Subnet, Volume, Vpc } from '@aws-sdk/client-ec2';
import { arn, idOf } from './ec2-ids.ts';
import { altered, business, byBusiness, type Kind, tagsFor } from './kind.ts';

export const vpcs: Kind<Vpc> = {
  name: 'vpc',
  global: false,
  count: (region) => ({ fixed: 1, growing: byBusiness([0, 0, 1, 2])(region).growing }),
  make(making) {
    const id = idOf(making, 'vpc', making.index);
    const isDefault = making.index === 0;
    const item: Vpc = {
      VpcId: id,
      OwnerId: making.account.accountId,
      CidrBlock: isDefault ? '172.31.0.0/16' : `10.${making.index % 200}.0.0/16`,
      IsDefault: isDefault,
      State: 'available',
      InstanceTenancy: 'default',
      DhcpOptionsId: `dopt-${making.random.hex(17)}`,
      ...(isDefault ? {} : { Tags: tagsFor(making.random, `vpc-${making.index}`) }),
    };
    return { type: 'vpc', arn: arn(making, `vpc/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, DhcpOptionsId: `dopt-${String(turn).padStart(17, '0')}` }),
};

export const subnets: Kind<Subnet> = {
  name: 'subnet',
  global: false,
  count: (region) => ({ fixed: 3, growing: byBusiness([0, 0, 2, 6])(region).growing }),
  make(making) {
    const id = idOf(making, 'subnet', making.index);
    const isDefault = making.index < 3;
    const item: Subnet = {
      SubnetId: id,
      SubnetArn: arn(making, `subnet/${id}`),
      OwnerId: making.account.accountId,
      VpcId: idOf(making, 'vpc', isDefault ? 0 : 1),
      CidrBlock: isDefault ? `172.31.${making.index * 16}.0/20` : `10.1.${making.index % 250}.0/24`,
      AvailabilityZone: `${making.region}${'abc'.charAt(making.index % 3)}`,
      AvailableIpAddressCount: 250,
      State: 'available',
      DefaultForAz: isDefault,
      MapPublicIpOnLaunch: isDefault || making.random.chance(0.3),
      ...(isDefault ? {} : { Tags: tagsFor(making.random, `subnet-${making.index}`) }),
    };
    return { type: 'subnet', arn: arn(making, `subnet/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const securityGroups: Kind<SecurityGroup> = {
  name: 'security_group',
  global: false,
  count: (region) => ({ fixed: 1, growing: byBusiness([0, 1, 4, 10])(region).growing }),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'sg', index);
    const world = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    const inside = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5433, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
    const item: SecurityGroup = {
      GroupId: id,
      GroupName: index === 0 ? 'default' : `group-${index}`,
      Description: 'a security group',
      OwnerId: making.account.accountId,
      SecurityGroupArn: arn(making, `security-group/${id}`),
      VpcId: idOf(making, 'vpc', 0),
      IpPermissions: index === 0 ? [] : random.chance(0.4) ? [world, inside] : [inside],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      Tags: index === 0 ? [] : tagsFor(random, undefined),
    };
    return { type: 'security_group', arn: arn(making, `security-group/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const instances: Kind<Instance> = {
  name: 'ec2_instance',
  global: false,
  count: byBusiness([0, 1, 6, 24]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'i', index);
    const state = index === 2 ? 'terminated' : index % 7 === 3 ? 'stopped' : 'running';
    const item: Instance = {
      InstanceId: id,
      ImageId: `ami-${random.hex(17)}`,
      InstanceType: random.pick('t3.micro', 'm7g.large', 'c7i.xlarge'),
      Architecture: random.pick('x86_64', 'arm64'),
      LaunchTime: random.date(),
      State: { Code: state === 'running' ? 16 : state === 'stopped' ? 80 : 48, Name: state },
      VpcId: idOf(making, 'vpc', 0),
      SubnetId: idOf(making, 'subnet', index % 3),
      PrivateIpAddress: `172.31.${index % 250}.${random.below(250) + 4}`,
      ...(state === 'running' && random.chance(0.4) ? { PublicIpAddress: `203.0.113.${index % 250}` } : {}),
      MetadataOptions: { HttpTokens: random.pick('required', 'optional'), State: 'applied' },
      SecurityGroups: [{ GroupId: idOf(making, 'sg', 0), GroupName: 'default' }],
      Tags: tagsFor(random, `instance-${index}`),
    };
    return { type: 'ec2_instance', arn: arn(making, `instance/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const volumes: Kind<Volume> = {
  name: 'ebs_volume',
  global: false,
  count: (region) => ({ fixed: 0, growing: [0, 1, 8, 30][business(region)] ?? 0 }),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'vol', index);
    const encrypted = random.chance(0.6);
    const attached = index < 20;
    const item: Volume = {
      VolumeId: id,
      AvailabilityZone: `${making.region}a`,
      CreateTime: random.date(),
      Size: random.pick(8, 20, 100, 500),
      VolumeType: random.pick('gp3', 'gp2', 'io2'),
      State: attached ? 'in-use' : 'available',
      Encrypted: encrypted,
      ...(encrypted
        ? { KmsKeyId: `arn:aws:kms:${making.region}:${making.account.accountId}:key/${random.hex(8)}` }
        : {}),
      Attachments: attached ? [{ InstanceId: idOf(making, 'i', index), State: 'attached', VolumeId: id }] : [],
      Tags: tagsFor(random, `volume-${index}`),
    };
    return { type: 'ebs_volume', arn: arn(making, `volume/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Size: (item.Size ?? 0) + turn }),
};
