import type { FileSystemDescription } from '@aws-sdk/client-efs';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { altered, byBusiness, type Kind, tagsFor } from './kind.ts';

export const fileSystems: Kind<FileSystemDescription> = {
  name: 'efs_file_system',
  global: false,
  count: byBusiness([0, 0, 1, 3]),
  make(making) {
    const { account, region, index, random } = making;
    const id = idOf(making, 'fs', index);
    const arn = `arn:aws:elasticfilesystem:${region}:${account.accountId}:file-system/${id}`;
    const tags = tagsFor(random, `files-${index}`);
    const item: FileSystemDescription = {
      OwnerId: account.accountId,
      CreationToken: CANARY,
      FileSystemId: id,
      FileSystemArn: arn,
      CreationTime: random.date(),
      LifeCycleState: 'available',
      ...named(tags),
      NumberOfMountTargets: 3,
      SizeInBytes: { Value: random.below(1_000_000_000), Timestamp: random.date() },
      PerformanceMode: 'generalPurpose',
      ThroughputMode: random.pick('elastic', 'bursting'),
      Encrypted: random.chance(0.7),
      FileSystemProtection: { ReplicationOverwriteProtection: 'ENABLED' },
      ...(index === 1 ? { AvailabilityZoneName: `${region}a` } : {}),
      Tags: tags,
    };
    return { type: 'efs_file_system', arn, item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};

/** EFS answers the Name tag as the file system's name too. */
function named(tags: readonly { readonly Key: string; readonly Value: string }[]): { Name?: string } {
  const name = tags.find(({ Key }) => Key === 'Name')?.Value;
  return name === undefined ? {} : { Name: name };
}
