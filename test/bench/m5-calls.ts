import * as z from 'zod';
import { bodyOf, type Endpoint, serve } from '../../lib/local/loopback.ts';

/** Keys and values as the wire has them -> as the document client takes them. The handlers read by text and numbers. */
const plain = z.union([
  z.object({ S: z.string() }).transform(({ S }) => S),
  z.object({ N: z.string() }).transform(({ N }) => Number(N)),
]);
const plainItem = z.record(z.string(), plain);
const getInput = z.looseObject({ TableName: z.string(), Key: plainItem });
const queryInput = z.looseObject({
  TableName: z.string(),
  ExpressionAttributeValues: plainItem,
  ExclusiveStartKey: plainItem.optional(),
});
const batchInput = z.looseObject({
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(plainItem) })),
});

/** A call to the table, as the document client takes it. */
export const tableCall = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('GetItem'), input: getInput }),
  z.object({ operation: z.literal('Query'), input: queryInput }),
  z.object({ operation: z.literal('BatchGetItem'), input: batchInput }),
]);
export type TableCall = z.infer<typeof tableCall>;

/** What the bare program is called with. */
export interface BareEvent {
  readonly calls: readonly TableCall[];
  /** Partitions whose items are answered; others were only read. */
  readonly shown: readonly string[];
}

/** A table in front of the table that remembers what it was asked. */
export interface Recorder extends Endpoint {
  /** The calls since the last time. @throws ZodError at one that the bare program could not make. */
  take(): readonly TableCall[];
}

/** @param url the table that answers. */
export async function startRecorder(url: string): Promise<Recorder> {
  const calls: unknown[] = [];
  const endpoint = await serve(async (request, response) => {
    const body = String(await bodyOf(request));
    const target = String(request.headers['x-amz-target']);
    calls.push({ operation: target.split('.').at(-1), input: JSON.parse(body) });
    const { authorization = '', 'x-amz-date': date = '' } = request.headers;
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': String(date),
      authorization,
    };
    const answer = await fetch(url, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(await answer.text());
  });
  return { ...endpoint, take: () => z.array(tableCall).parse(calls.splice(0)) };
}
