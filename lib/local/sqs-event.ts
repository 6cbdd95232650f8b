import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { REGION } from './account.ts';

/**
 * Received messages as Lambda's event source hands them over.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
export function sqsEvent(messages: readonly Message[], queueArn: string) {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attribute(value)]),
      ),
      ...(message.MD5OfMessageAttributes === undefined
        ? {}
        : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: REGION,
    })),
  };
}

function attribute({ StringValue, BinaryValue, DataType }: MessageAttributeValue) {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

const failuresSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which messages of a batch a function's answer leaves in the queue. Nothing to report is success; an answer that is
 * not understood, or names a message that was not in the batch, fails the whole batch, as Lambda has it.
 * @param payload the answer as JSON.
 */
export function failedMessages(payload: string, messages: readonly Message[]): ReadonlySet<string | undefined> {
  const everything = new Set(messages.map((message) => message.MessageId));
  const parsed = failuresSchema.nullable().safeParse(JSON.parse(payload));
  if (!parsed.success) return everything;
  const named = parsed.data?.batchItemFailures?.map((item) => item.itemIdentifier) ?? [];
  return named.every((id) => everything.has(id)) ? new Set(named) : everything;
}
