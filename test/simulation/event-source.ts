import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Received } from './memory/queue-store.ts';
import type { Process } from './process.ts';

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Messages as Lambda's event source hands them over. */
export const sqsEvent = (messages: readonly Received[]): SQSEvent => ({ Records: messages.map(record) });

const record = ({ id, receipt, body, receives, sentAt }: Received): SQSRecord => ({
  messageId: id,
  receiptHandle: receipt,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(sentAt),
    SenderId: 'simulation',
    ApproximateFirstReceiveTimestamp: String(sentAt),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:simulation',
  awsRegion: 'us-east-1',
});

/** The context of an invocation that may last until `until` (milliseconds since 1970). */
export function contextOf(process: Process, now: () => number, until: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: process.stage,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${process.stage}`,
    memoryLimitInMB: '1024',
    awsRequestId: process.id,
    logGroupName: process.stage,
    logStreamName: process.id,
    getRemainingTimeInMillis: () => until - now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
