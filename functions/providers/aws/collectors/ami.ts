import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type Answer, known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'ami',
  service: 'ec2',
  scope: 'region',
  types: ['ami'],
  permissions: ['ec2:DescribeImages'],
} as const satisfies CollectorFacts;

const diskSchema = () => z.object({ Ebs: z.object({ Encrypted: z.boolean().optional() }).optional() });
type Disk = z.infer<ReturnType<typeof diskSchema>>;

/**
 * Without an owner the list holds every public image; without being asked for, no disabled one.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
 */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ImageId: z.string(),
    Name: z.string().optional(),
    OwnerId: z.string().optional(),
    CreationDate: z.string().optional(),
    State: z.string().optional(),
    Public: z.boolean().optional(),
    Architecture: z.string().optional(),
    PlatformDetails: z.string().optional(),
    RootDeviceType: z.string().optional(),
    ImdsSupport: z.string().optional(),
    DeprecationTime: z.string().optional(),
    BlockDeviceMappings: z.array(diskSchema()).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const input = { Owners: ['self'], IncludeDisabled: true, MaxResults: 1000, NextToken: token };
    const answer = await aws.client(EC2Client).send(new DescribeImagesCommand(input));
    return { items: answer.Images, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${item.OwnerId ?? account}:image/${item.ImageId}`,
    name: tagsOf(item.Tags).Name ?? item.Name ?? item.ImageId,
    region,
    status: item.State === 'available' ? 'active' : (item.State ?? 'unknown'),
    tags: tagsOf(item.Tags),
    ...time(dateOf(item.CreationDate)),
    configuration: fields({
      image_name: item.Name,
      public: known(item.Public),
      shared: 'unknown',
      shared_reason: 'the list of images says only whether they are public',
      encrypted: encrypted(item.BlockDeviceMappings),
      architecture: item.Architecture,
      platform: item.PlatformDetails,
      root_device: item.RootDeviceType,
      metadata_tokens: item.ImdsSupport === 'v2.0' ? 'required' : 'unknown',
      deprecated_from: item.DeprecationTime,
    }),
  }),
}));

/** EC2 gives this date as text. */
function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `yes` where each of its disks is said to be; disks of the instance's own host have no snapshot. */
function encrypted(disks: readonly Disk[] | undefined): Answer {
  const said = (disks ?? []).flatMap(({ Ebs }) => (Ebs === undefined ? [] : [Ebs.Encrypted]));
  if (said.includes(false)) return 'no';
  return said.length === 0 || said.includes(undefined) ? 'unknown' : 'yes';
}
