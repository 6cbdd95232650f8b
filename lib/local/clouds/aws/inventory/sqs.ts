import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind } from './kind.ts';

/** A queue as its list and its attributes tell of it. */
export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export const queues: Kind<Queue> = {
  name: 'sqs_queue',
  global: false,
  count: byBusiness([0, 0, 4, 14]),
  make({ account, region, index, random }) {
    const fifo = index % 5 === 4;
    const name = `queue-${String(index).padStart(5, '0')}-${random.hex(4)}${fifo ? '.fifo' : ''}`;
    const arn = `arn:aws:sqs:${region}:${account.accountId}:${name}`;
    const key = random.chance(0.3) ? `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}` : undefined;
    const deadLetters = JSON.stringify({ deadLetterTargetArn: `${arn}-dead`, maxReceiveCount: 5 });
    const attributes: Record<string, string> = {
      QueueArn: arn,
      ApproximateNumberOfMessages: String(random.below(1000)),
      CreatedTimestamp: String(random.date().getTime() / 1000),
      LastModifiedTimestamp: String(random.date().getTime() / 1000),
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: random.pick('345600', '1209600'),
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: CANARY }] }),
      SqsManagedSseEnabled: String(key === undefined && random.chance(0.8)),
      ...(key === undefined ? {} : { KmsMasterKeyId: key }),
      ...(random.chance(0.5) ? { RedrivePolicy: deadLetters } : {}),
      ...(fifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'false' } : {}),
    };
    const url = `https://sqs.${region}.amazonaws.com/${account.accountId}/${name}`;
    return { type: 'sqs_queue', arn, item: { name, url, attributes } };
  },
  alter: (item, turn) => ({ ...item, attributes: { ...item.attributes, VisibilityTimeout: String(30 + turn) } }),
};
