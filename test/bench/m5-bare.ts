import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { BareEvent, TableCall } from './m5-calls.ts';

// What a request would be without us: the same calls by the same client, and their answers as JSON. Bundled as the
// functions are.

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 5 }));
type Item = Readonly<Record<string, unknown>>;

/** Makes the calls one after another, as the handler does. */
export async function handler({ calls, shown }: BareEvent) {
  const items: Item[] = [];
  for (const call of calls) items.push(...(await made(call)));
  const wanted = new Set<unknown>(shown);
  const body = JSON.stringify(items.filter(({ pk }) => wanted.has(pk)).map(readable));
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

async function made({ operation, input }: TableCall): Promise<readonly Item[]> {
  if (operation === 'GetItem') return [(await client.send(new GetCommand(input))).Item ?? {}];
  if (operation === 'Query') return (await client.send(new QueryCommand(input))).Items ?? [];
  const { Responses = {} } = await client.send(new BatchGetCommand(input));
  return Object.values(Responses).flat();
}

/** Bytes as text: JSON would make an object with a field for each of them, and flatter us by that. */
function readable(item: Item): Item {
  const { doc } = item;
  return doc instanceof Uint8Array ? { ...item, doc: Buffer.from(doc).toString('base64') } : item;
}
