import { GetQueueAttributesResult$, ListQueuesResult$ } from '@aws-sdk/client-sqs';
import { queues } from '../inventory/sqs.ts';
import { jsonRefusals } from './json-refusals.ts';
import { SampleError, type Service } from './operation.ts';

/** A queue's index out of its name, which begins so that names sort by it; -1 for a name that is not one of ours. */
const indexOf = (name: string): number => Number(/^queue-(\d+)-/.exec(name)?.[1] ?? -1);

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
export const sqs: Service = {
  ...jsonRefusals,
  name: 'sqs',
  throttle: { status: 400, code: 'RequestThrottled' },
  denied: { status: 403, code: 'AccessDeniedException' },
  unknownKey: { status: 403, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 403, code: 'InvalidSignatureException' },
  queryCodes: {
    AccessDeniedException: 'AccessDenied',
    InvalidSignatureException: 'SignatureDoesNotMatch',
    QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
    UnrecognizedClientException: 'InvalidClientTokenId',
  },
  operations: [
    {
      name: 'ListQueues',
      run(call) {
        const size = call.param('MaxResults');
        const token = call.param('NextToken');
        const limits = { size, token, least: 1, most: 1000, otherwise: 1000 };
        const { items, next } = call.page(call.items(queues), limits);
        const urls = items.map(({ url }) => url);
        // Without a size it names the first thousand and no token.
        const more = size === undefined ? undefined : next;
        return { schema: ListQueuesResult$, value: { QueueUrls: urls, NextToken: more } };
      },
    },
    {
      name: 'GetQueueAttributes',
      run(call) {
        const name = (call.param('QueueUrl') ?? '').split('/').at(-1) ?? '';
        const queue = call.items(queues).withIndex(indexOf(name));
        if (queue?.name !== name) {
          throw new SampleError(400, 'QueueDoesNotExist', 'The specified queue does not exist.');
        }
        // Those that are named, and of these what the queue has.
        const asked = call.list('AttributeNames');
        const told = Object.entries(queue.attributes).filter(([key]) => asked.includes(key) || asked.includes('All'));
        return { schema: GetQueueAttributesResult$, value: { Attributes: Object.fromEntries(told) } };
      },
    },
  ],
};
