import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { clientSettings } from '../../../lib/local/clients.ts';
import { failedMessages } from '../../../lib/local/sqs-event.ts';
import { startTwin, type Twin } from '../../../lib/local/twin.ts';
import { lines, linesIn, stateDirectory } from './fixtures/state.ts';
import { lambda, queue, source, template } from './fixtures/template.ts';

// Workers are started for real, which takes longer on a machine that is busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const started: Twin[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((twin) => twin.stop()));
});

/** Work -> (after two receives) Failed -> (after two more) Parked, which nobody reads. */
async function pipeline({ handler = 'consume', consume = true } = {}) {
  const directory = stateDirectory();
  const record = join(directory, 'record');
  const environment = { RECORD_FILE: record };
  const twin = await startTwin({
    directory,
    port: 0,
    tick: false,
    consume,
    template: template({
      Work: queue({ to: 'Failed', after: 2 }),
      Failed: queue({ to: 'Parked', after: 2 }),
      Parked: queue(),
      Worker: lambda(handler, { environment }),
      LastResort: lambda('refuse', { environment }),
      WorkSource: source('Work', 'Worker'),
      FailedSource: source('Failed', 'LastResort'),
    }),
  });
  started.push(twin);
  const client = new SQSClient(clientSettings(twin.endpoints.queues.url));
  const url = (name: string): string => z.string().parse(twin.endpoints.queues.urls[name]);
  return {
    twin,
    record,
    client,
    url,
    send: (...bodies: string[]) =>
      client.send(
        new SendMessageBatchCommand({
          QueueUrl: url('Work'),
          Entries: bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody })),
        }),
      ),
    receive: async (name: string) => {
      const answer = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url(name),
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return answer.Messages ?? [];
    },
  };
}

const recordSchema = z.object({
  Records: z.array(
    z.looseObject({
      body: z.string(),
      messageId: z.string(),
      attributes: z.looseObject({ ApproximateReceiveCount: z.string() }),
    }),
  ),
});
const batches = (record: string, key: string) =>
  lines(record).flatMap((line) => {
    const event = z.record(z.string(), z.unknown()).parse(line)[key];
    return event === undefined ? [] : [recordSchema.parse(event).Records];
  });

test('messages arrive as the records that Lambda documents', async () => {
  const { twin, record, client, url } = await pipeline();
  const { MessageId } = await client.send(
    new SendMessageCommand({
      QueueUrl: url('Work'),
      MessageBody: 'hello',
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'because' } },
    }),
  );
  await twin.idle();
  expect(lines(record)).toEqual([
    {
      consumed: {
        Records: [
          {
            messageId: MessageId,
            receiptHandle: expect.any(String),
            body: 'hello',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: expect.stringMatching(/^\d{13}$/),
              SenderId: expect.any(String),
              ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
            },
            messageAttributes: {
              reason: { stringValue: 'because', stringListValues: [], binaryListValues: [], dataType: 'String' },
            },
            md5OfMessageAttributes: expect.any(String),
            md5OfBody: '5d41402abc4b2a76b9719d911017c592',
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:infraaudit-local-Work',
            awsRegion: 'us-east-1',
          },
        ],
      },
    },
  ]);
});

test('a failed message comes again while its batch mates are done, and ends where nobody reads', async () => {
  const { twin, record, send, receive } = await pipeline({ consume: false });
  await send('good 1', 'bad', 'good 2');
  twin.resume('consume');
  twin.resume('refuse');
  await twin.idle();

  const [first, second, ...more] = batches(record, 'consumed').map((batch) => batch.map(({ body }) => body));
  expect(first).toEqual(['good 1', 'bad', 'good 2']);
  expect(second).toEqual(['bad']);
  expect(more).toEqual([]);
  // In the next queue it begins to count anew: otherwise the first receive there would already be one too many.
  const refused = batches(record, 'refused').flat();
  expect(refused.map(({ body }) => body)).toEqual(['bad', 'bad']);
  expect(refused.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
  const parked = await receive('Parked');
  expect(parked.map(({ Body, MessageId }) => [Body, MessageId])).toEqual([['bad', refused[0]?.messageId]]);
});

test('a function that is killed in mid-call leaves its messages to be tried again', async () => {
  const { twin, record, send } = await pipeline({ handler: 'hang' });
  await send('once');
  await linesIn(record, 1);
  await twin.pause('hang');
  expect(twin.kill('hang')).toBe(1);
  twin.resume('hang');
  const [, again] = await linesIn(record, 2);
  expect(recordSchema.parse(z.object({ began: z.unknown() }).parse(again).began).Records).toMatchObject([
    { body: 'once', attributes: { ApproximateReceiveCount: '2' } },
  ]);
});

test('while an event source is paused nothing is taken from its queue', async () => {
  const { twin, record, send, receive } = await pipeline();
  await twin.pause('consume');
  await send('waiting');
  await twin.idle();
  expect(lines(record)).toEqual([]);
  expect((await receive('Work')).map(({ Body }) => Body)).toEqual(['waiting']);
});

test('a message made visible at once comes again and keeps its count', async () => {
  const { client, url, send, receive } = await pipeline({ consume: false });
  await send('again');
  const [first] = await receive('Work');
  const visible = { QueueUrl: url('Work'), ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 };
  await client.send(new ChangeMessageVisibilityCommand(visible));
  expect(await receive('Work')).toMatchObject([{ Body: 'again', Attributes: { ApproximateReceiveCount: '2' } }]);
});

test('an answer that names no message of the batch fails all of it, and one that names none fails none', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
  const failed = (answer: unknown) => [...failedMessages(JSON.stringify(answer), messages)];
  expect(failed(null)).toEqual([]);
  expect(failed({})).toEqual([]);
  expect(failed({ batchItemFailures: [] })).toEqual([]);
  expect(failed({ batchItemFailures: null })).toEqual([]);
  expect(failed({ batchItemFailures: [{ itemIdentifier: 'b' }] })).toEqual(['b']);
  expect(failed({ batchItemFailures: [{ itemIdentifier: 'c' }] })).toEqual(['a', 'b']);
  expect(failed({ batchItemFailures: [{ itemIdentifier: '' }] })).toEqual(['a', 'b']);
  expect(failed({ batchItemFailures: [{ id: 'a' }] })).toEqual(['a', 'b']);
  expect(failed('done')).toEqual(['a', 'b']);
});
