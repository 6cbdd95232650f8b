import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 's3_bucket',
  service: 's3',
  scope: 'global',
  types: ['s3_bucket'],
  permissions: ['s3:ListAllMyBuckets'],
} as const satisfies CollectorFacts;

/** With `MaxBuckets` the answer carries each bucket's region. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({ Name: z.string(), CreationDate: z.date().optional(), BucketRegion: z.string().optional() }),
  async page(aws, token) {
    const command = new ListBucketsCommand({ MaxBuckets: 10_000, ContinuationToken: token });
    const answer = await aws.client(S3Client).send(command);
    return { items: answer.Buckets, next: answer.ContinuationToken };
  },
  toResource: (item, { partition }) => ({
    external_id: `arn:${partition}:s3:::${item.Name}`,
    name: item.Name,
    region: item.BucketRegion ?? 'unknown',
    status: 'active',
    tags: {},
    ...time(item.CreationDate),
    configuration: fields({
      public: 'unknown',
      public_reason: 'the list of buckets does not say',
      encrypted: 'unknown',
      encrypted_reason: 'the list of buckets does not say',
    }),
  }),
}));
