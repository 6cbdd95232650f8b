import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'efs_file_system',
  service: 'elasticfilesystem',
  scope: 'region',
  types: ['efs_file_system'],
  permissions: ['elasticfilesystem:DescribeFileSystems'],
} as const satisfies CollectorFacts;

/** Its size is left out: it moves by the hour. @see https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystems.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    FileSystemId: z.string(),
    FileSystemArn: z.string().optional(),
    Name: z.string().optional(),
    LifeCycleState: z.string().optional(),
    CreationTime: z.date().optional(),
    AvailabilityZoneName: z.string().optional(),
    Encrypted: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    NumberOfMountTargets: z.number().optional(),
    PerformanceMode: z.string().optional(),
    ThroughputMode: z.string().optional(),
    FileSystemProtection: z.object({ ReplicationOverwriteProtection: z.string().optional() }).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(EFSClient).send(new DescribeFileSystemsCommand({ MaxItems: 100, Marker: token }));
    return { items: answer.FileSystems, next: answer.NextMarker };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id:
      item.FileSystemArn ?? `arn:${partition}:elasticfilesystem:${region}:${account}:file-system/${item.FileSystemId}`,
    name: item.Name || item.FileSystemId,
    region,
    status: item.LifeCycleState === 'available' ? 'active' : (item.LifeCycleState ?? 'unknown'),
    tags: tagsOf(item.Tags),
    ...time(item.CreationTime),
    configuration: fields({
      encrypted: known(item.Encrypted),
      kms_key: item.KmsKeyId,
      performance_mode: item.PerformanceMode,
      throughput_mode: item.ThroughputMode,
      // Absent for file systems of more than one zone.
      zone: item.AvailabilityZoneName,
      mount_targets: item.NumberOfMountTargets,
      overwrite_protection: item.FileSystemProtection?.ReplicationOverwriteProtection?.toLowerCase(),
      public: 'unknown',
      public_reason: 'the list of file systems does not hold their policies',
    }),
  }),
}));
