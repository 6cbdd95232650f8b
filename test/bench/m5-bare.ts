import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { BareEvent, TableCall } from './m5-calls.ts';

// What a request would be without us: the same calls by the same client, and their answers as JSON. Bundled as the
// functions are.

const client = new DynamoDBClient({ maxAttempts: 5 });
type Item = Readonly<Record<string, unknown>>;

/** Makes the calls one after another, as the handler does. */
export async function handler({ calls, shown }: BareEvent) {
  const items: Item[] = [];
  for (const call of calls) items.push(...(await made(call)));
  const wanted = new Set<unknown>(shown);
  const body = JSON.stringify(items.filter(({ pk }) => wanted.has(pk)).map(readable));
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

async function made(call: TableCall): Promise<readonly Item[]> {
  return (await answered(call)).map((item) => unmarshall(item));
}

async function answered({ operation, input }: TableCall): Promise<readonly Record<string, AttributeValue>[]> {
  if (operation === 'GetItem') return [(await client.send(new GetItemCommand(input))).Item ?? {}];
  if (operation === 'Query') return (await client.send(new QueryCommand(input))).Items ?? [];
  const { Responses = {} } = await client.send(new BatchGetItemCommand(input));
  return Object.values(Responses).flat();
}

/** Bytes as text: JSON would make an object with a field for each of them, and flatter us by that. */
function readable(item: Item): Item {
  const { doc } = item;
  return doc instanceof Uint8Array ? { ...item, doc: Buffer.from(doc).toString('base64') } : item;
}
