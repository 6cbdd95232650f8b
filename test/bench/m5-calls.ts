import * as z from 'zod';
import { bodyOf, type Endpoint, serve } from '../../lib/local/loopback.ts';

/** Keys and values. The handlers read by text and numbers. */
const attribute = z.union([z.object({ S: z.string() }), z.object({ N: z.string() })]);
const attributes = z.record(z.string(), attribute);
const getInput = z.looseObject({ TableName: z.string(), Key: attributes });
const queryInput = z.looseObject({
  TableName: z.string(),
  ExpressionAttributeValues: attributes,
  ExclusiveStartKey: attributes.optional(),
});
const batchInput = z.looseObject({
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(attributes) })),
});

/** A call to the table, as the client takes it. */
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
