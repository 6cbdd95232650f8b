import { DescribeKeyCommand, KMSClient, ListKeysCommand, NotFoundException } from '@aws-sdk/client-kms';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';
import { UnexpectedAnswerError } from '../outcomes.ts';

export const facts = {
  name: 'kms_key',
  service: 'kms',
  scope: 'region',
  types: ['kms_key'],
  permissions: ['kms:ListKeys', 'kms:DescribeKey'],
} as const satisfies CollectorFacts;

const STATUS: Readonly<Record<string, string>> = { Enabled: 'active', Disabled: 'stopped' };

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Arn: z.string(),
    KeyId: z.string(),
    KeyState: z.string().optional(),
    KeyUsage: z.string().optional(),
    KeySpec: z.string().optional(),
    Origin: z.string().optional(),
    MultiRegion: z.boolean().optional(),
    CreationDate: z.date().optional(),
    DeletionDate: z.date().optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(KMSClient).send(new ListKeysCommand({ Limit: 1000, Marker: token }));
    return { items: answer.Keys, next: answer.Truncated === true ? answer.NextMarker : undefined };
  },
  describe: {
    batch: 1,
    async call(aws, [key]) {
      const listed = z.object({ KeyId: z.string() }).safeParse(key);
      if (!listed.success) throw new UnexpectedAnswerError('A listed key has no id.');
      try {
        const { KeyMetadata: item } = await aws.client(KMSClient).send(new DescribeKeyCommand(listed.data));
        // Keys that services made for themselves are theirs to manage.
        return item?.KeyManager === 'AWS' ? [] : [item];
      } catch (error) {
        // Deleted between the list and this call: it is not there.
        if (error instanceof NotFoundException) return [];
        throw error;
      }
    },
  },
  toResource: (item, { region }) => ({
    external_id: item.Arn,
    name: item.KeyId,
    region,
    status: STATUS[item.KeyState ?? ''] ?? (item.KeyState ?? 'unknown').toLowerCase(),
    tags: {},
    ...time(item.CreationDate),
    configuration: fields({
      key_spec: item.KeySpec,
      key_usage: item.KeyUsage,
      origin: item.Origin,
      multi_region: known(item.MultiRegion),
      deletion_at: item.DeletionDate?.toISOString(),
      rotation: 'unknown',
      rotation_reason: 'neither the list nor the description of a key says whether it rotates',
      public: 'unknown',
      public_reason: 'the policies of keys are not read',
    }),
  }),
}));
