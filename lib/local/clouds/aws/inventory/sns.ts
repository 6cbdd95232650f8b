import type { Topic } from '@aws-sdk/client-sns';
import { byBusiness, type Kind } from './kind.ts';

export const topics: Kind<Topic> = {
  name: 'sns_topic',
  global: false,
  count: byBusiness([0, 0, 2, 6]),
  make({ account, region, index, random }) {
    const name = `topic-${index}-${random.hex(4)}${index % 5 === 4 ? '.fifo' : ''}`;
    const arn = `arn:aws:sns:${region}:${account.accountId}:${name}`;
    return { type: 'sns_topic', arn, item: { TopicArn: arn } };
  },
  // The list holds ARNs and nothing else: a topic with another one would be another topic.
  alter: (item) => item,
};
