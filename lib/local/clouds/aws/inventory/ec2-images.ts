import type { Image, LaunchTemplate, Snapshot } from '@aws-sdk/client-ec2';
import { CANARY } from '../accounts.ts';
import { arn, idOf } from './ec2-ids.ts';
import { altered, byBusiness, type Kind, tagsFor } from './kind.ts';

/** What everybody may use is in every account's lists, unless they are narrowed to an owner. */
export const AMAZON = '137112412989';
export const PUBLIC_SNAPSHOT: Snapshot = {
  SnapshotId: 'snap-0aaaaaaaaaaaaaaaa',
  OwnerId: AMAZON,
  OwnerAlias: 'amazon',
  State: 'completed',
  VolumeSize: 8,
  Encrypted: false,
};
export const PUBLIC_IMAGE: Image = {
  ImageId: 'ami-0aaaaaaaaaaaaaaaa',
  OwnerId: AMAZON,
  ImageOwnerAlias: 'amazon',
  Name: 'al2023-ami-2023.6.20241010.0-kernel-6.1-x86_64',
  State: 'available',
  Public: true,
};

export const snapshots: Kind<Snapshot> = {
  name: 'ebs_snapshot',
  global: false,
  count: byBusiness([0, 2, 12, 60]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'snap', index);
    const encrypted = random.chance(0.6);
    const item: Snapshot = {
      SnapshotId: id,
      VolumeId: idOf(making, 'vol', Math.floor(index / 2)),
      OwnerId: making.account.accountId,
      Description: CANARY,
      State: index % 11 === 10 ? 'pending' : 'completed',
      Progress: index % 11 === 10 ? '40%' : '100%',
      StartTime: random.date(),
      VolumeSize: random.pick(8, 20, 100, 500),
      StorageTier: index % 9 === 8 ? 'archive' : 'standard',
      Encrypted: encrypted,
      ...(encrypted
        ? { KmsKeyId: `arn:aws:kms:${making.region}:${making.account.accountId}:key/${random.hex(8)}` }
        : {}),
      Tags: tagsFor(random, `snapshot-${index}`),
    };
    return { type: 'ebs_snapshot', arn: arn(making, `snapshot/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const images: Kind<Image> = {
  name: 'ami',
  global: false,
  count: byBusiness([0, 0, 2, 6]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'ami', index);
    const name = `image-${index}`;
    const item: Image = {
      ImageId: id,
      Name: name,
      ImageLocation: `${making.account.accountId}/${name}`,
      OwnerId: making.account.accountId,
      Description: CANARY,
      CreationDate: random.date().toISOString(),
      State: index % 5 === 4 ? 'disabled' : 'available',
      Public: index % 6 === 1,
      Architecture: random.pick('x86_64', 'arm64'),
      PlatformDetails: 'Linux/UNIX',
      ImageType: 'machine',
      RootDeviceType: 'ebs',
      RootDeviceName: '/dev/xvda',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      ...(random.chance(0.5) ? { ImdsSupport: 'v2.0' } : {}),
      DeregistrationProtection: 'disabled',
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: {
            SnapshotId: idOf(making, 'snap', index),
            VolumeSize: 8,
            VolumeType: 'gp3',
            Encrypted: random.chance(0.5),
            DeleteOnTermination: true,
          },
        },
      ],
      Tags: tagsFor(random, name),
    };
    return { type: 'ami', arn: arn(making, `image/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

export const launchTemplates: Kind<LaunchTemplate> = {
  name: 'launch_template',
  global: false,
  count: byBusiness([0, 0, 1, 4]),
  make(making) {
    const { index, random } = making;
    const id = idOf(making, 'lt', index);
    const versions = 1 + random.below(20);
    const item: LaunchTemplate = {
      LaunchTemplateId: id,
      LaunchTemplateName: `template-${index}`,
      CreateTime: random.date(),
      CreatedBy: making.account.userArn,
      DefaultVersionNumber: Math.ceil(versions / 2),
      LatestVersionNumber: versions,
      Tags: tagsFor(random, undefined),
    };
    return { type: 'launch_template', arn: arn(making, `launch-template/${id}`), item };
  },
  alter: (item, turn) => ({ ...item, LatestVersionNumber: (item.LatestVersionNumber ?? 0) + turn }),
};
