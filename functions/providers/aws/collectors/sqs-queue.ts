import { GetQueueAttributesCommand, ListQueuesCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { type Answer, known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';
import { jsonText } from '../schemas.ts';

export const facts = {
  name: 'sqs_queue',
  service: 'sqs',
  scope: 'region',
  types: ['sqs_queue'],
  permissions: ['sqs:ListQueues', 'sqs:GetQueueAttributes'],
} as const satisfies CollectorFacts;

/** What is asked of each queue: neither its policy nor how many messages it holds at the moment. */
const ATTRIBUTES = [
  'QueueArn',
  'CreatedTimestamp',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
  'RedrivePolicy',
] as const;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    QueueArn: z.string(),
    CreatedTimestamp: z.coerce.number().optional(),
    VisibilityTimeout: z.coerce.number().optional(),
    MessageRetentionPeriod: z.coerce.number().optional(),
    KmsMasterKeyId: z.string().optional(),
    SqsManagedSseEnabled: z.stringbool().optional(),
    RedrivePolicy: jsonText(z.object({ deadLetterTargetArn: z.string().optional() })).optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(SQSClient).send(new ListQueuesCommand({ MaxResults: 1000, NextToken: token }));
    return { items: answer.QueueUrls, next: answer.NextToken };
  },
  describe: {
    batch: 1,
    async call(aws, [url]) {
      const command = new GetQueueAttributesCommand({
        QueueUrl: z.string().parse(url),
        AttributeNames: [...ATTRIBUTES],
      });
      try {
        return [(await aws.client(SQSClient).send(command)).Attributes];
      } catch (error) {
        // Deleted between the list and this call: it is not there.
        if (error instanceof QueueDoesNotExist) return [];
        throw error;
      }
    },
  },
  toResource: (item, { region }) => {
    const name = item.QueueArn.slice(item.QueueArn.lastIndexOf(':') + 1);
    const ownKey: Answer = known(item.SqsManagedSseEnabled);
    return {
      external_id: item.QueueArn,
      name,
      region,
      status: 'active',
      tags: {},
      ...time(item.CreatedTimestamp === undefined ? undefined : new Date(item.CreatedTimestamp * 1000)),
      configuration: fields({
        encrypted: item.KmsMasterKeyId === undefined ? ownKey : 'yes',
        encryption_key: item.KmsMasterKeyId ?? (ownKey === 'yes' ? 'sqs-managed' : undefined),
        fifo: name.endsWith('.fifo') ? 'yes' : 'no',
        visibility_seconds: item.VisibilityTimeout,
        retention_seconds: item.MessageRetentionPeriod,
        dead_letter_queue: item.RedrivePolicy?.deadLetterTargetArn,
        public: 'unknown',
        public_reason: 'the policies of queues are not read',
      }),
    };
  },
}));
