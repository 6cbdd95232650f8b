import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'sns_topic',
  service: 'sns',
  scope: 'region',
  types: ['sns_topic'],
  permissions: ['sns:ListTopics'],
} as const satisfies CollectorFacts;

/** Nothing but ARNs, and always a hundred a page: it takes no size. @see https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({ TopicArn: z.string() }),
  async page(aws, token) {
    const answer = await aws.client(SNSClient).send(new ListTopicsCommand({ NextToken: token }));
    return { items: answer.Topics, next: answer.NextToken };
  },
  toResource: ({ TopicArn: arn }, { region }) => ({
    external_id: arn,
    name: arn.slice(arn.lastIndexOf(':') + 1),
    region,
    status: 'active',
    tags: {},
    configuration: fields({
      // A topic's name says it: it has to end so.
      fifo: arn.endsWith('.fifo') ? 'yes' : 'no',
      encrypted: 'unknown',
      encrypted_reason: 'the list of topics does not say',
      public: 'unknown',
      public_reason: 'the list of topics does not say',
    }),
  }),
}));
