import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetters, MessageDelay, Queue, RequestQueue, TaskQueues } from '../domain/ports.ts';
import { adapter } from '../runtime/adapter.ts';
import { setting } from '../runtime/settings.ts';

/** Some messages could not be handed over, also after they were sent again. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

/** SQS takes at most 10 messages a batch. */
const BATCH = 10;
const TRIES = 3;

function queueAt(client: SQSClient, url: string): Queue<unknown> {
  return {
    async send(messages, { fairness, delaySeconds }) {
      for (let from = 0; from < messages.length; from += BATCH) {
        let left = messages.slice(from, from + BATCH).map((message, n) => ({
          Id: String(n),
          MessageBody: JSON.stringify(message),
          MessageGroupId: fairness,
          ...(delaySeconds === undefined || delaySeconds <= 0 ? {} : { DelaySeconds: Math.min(900, delaySeconds) }),
        }));
        // The call answers 200 with failures inside.
        for (let tries = 0; left.length > 0; tries += 1) {
          if (tries === TRIES) throw new QueueError(`${left.length} messages could not be sent.`);
          const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: left }));
          const sent = new Set((answer.Successful ?? []).map((entry) => entry.Id));
          left = left.filter((entry) => !sent.has(entry.Id));
        }
      }
    },
  };
}

export const requestQueue = adapter('requestSync', (): RequestQueue => queueAt(new SQSClient({}), setting('requests')));

export const taskQueues = adapter('sendTasks', (): TaskQueues => {
  const client = new SQSClient({});
  const urls = setting('tasks');
  return {
    to(cloud) {
      const url = urls[cloud];
      if (url === undefined) throw new QueueError(`This function may not send tasks of the cloud ${cloud}.`);
      return queueAt(client, url);
    },
  };
});

export const deadLetters = adapter('parkDeadLetters', (): DeadLetters => {
  const client = new SQSClient({});
  const url = setting('deadLetters');
  return {
    async park(body, reason) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: body,
          MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
        }),
      );
    },
  };
});

export const messageDelay = adapter('delayMessages', (): MessageDelay => {
  const client = new SQSClient({});
  const url = setting('source');
  return {
    async delay(receiptHandle, seconds) {
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }),
      );
    },
  };
});
