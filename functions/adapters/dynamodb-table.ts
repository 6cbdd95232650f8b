import { setTimeout } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Condition, Item } from '../domain/conditions.ts';
import type { Key } from '../domain/keys.ts';
import type { Change, Query, Rows, Table, TableReader, Written } from '../domain/ports.ts';
import { adapter } from '../runtime/adapter.ts';
import { setting } from '../runtime/settings.ts';
import { type Attributes, toAttributes, toItem } from './attributes.ts';
import { Expressions } from './expressions.ts';
import { Turns } from './turns.ts';

/** Name of the sparse index that says which providers somebody must look at. */
export const DUE_INDEX = 'due';

/** Most keys that one BatchGetItem takes. */
const BATCH = 100;
const BATCH_TRIES = 8;
/** Writes that are begun in one turn of the event loop: a few milliseconds of computing. */
const WRITES_A_TURN = 8;

/** The table left a part of a request undone, however often it was asked. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

const textOf = ({ pk, sk }: Key): string => `${pk}\0${sk}`;
const attributesOf = ({ pk, sk }: Key): Attributes => ({ pk: { S: pk }, sk: { S: sk } });
const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** The table behind the port. A condition that refuses is read back, since an earlier try may have got through. */
class DynamoTable implements Table {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  readonly #turns = new Turns(WRITES_A_TURN);

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async get(key: Key): Promise<Item | undefined> {
    const answer = await this.#client.send(
      new GetItemCommand({ TableName: this.#name, Key: attributesOf(key), ConsistentRead: true }),
    );
    return answer.Item === undefined ? undefined : toItem(answer.Item);
  }

  async getMany(keys: readonly Key[]): Promise<readonly (Item | undefined)[]> {
    const pages = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, n) =>
      keys.slice(n * BATCH, (n + 1) * BATCH),
    );
    const found = (await Promise.all(pages.map((page) => this.#batch(page)))).flat();
    const byKey = new Map(found.map((item) => [textOf(keySchema.parse(item)), item]));
    return keys.map((key) => byKey.get(textOf(key)));
  }

  /** The call answers 200 with keys left unread. */
  async #batch(keys: readonly Key[]): Promise<readonly Item[]> {
    const found: Item[] = [];
    let left: readonly Attributes[] = keys.map(attributesOf);
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries === BATCH_TRIES) throw new TableError(`${left.length} items could not be read.`);
      if (tries > 0) await setTimeout(50 * 2 ** tries * Math.random());
      const answer = await this.#client.send(
        new BatchGetItemCommand({ RequestItems: { [this.#name]: { Keys: [...left], ConsistentRead: true } } }),
      );
      found.push(...(answer.Responses?.[this.#name] ?? []).map(toItem));
      left = answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
    }
    return found;
  }

  async query(query: Query): Promise<Rows> {
    const beginning = query.beginning ?? '';
    const expressions = new Expressions();
    const attributes = query.attributes?.map((attribute) => expressions.name(attribute)).join(', ');
    const answer = await this.#client.send(
      new QueryCommand({
        TableName: this.#name,
        ConsistentRead: true,
        KeyConditionExpression: beginning === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :beginning)',
        ExpressionAttributeValues: toAttributes(
          beginning === '' ? { ':pk': query.pk } : { ':pk': query.pk, ':beginning': beginning },
        ),
        ScanIndexForward: query.newestFirst !== true,
        ...(attributes === undefined
          ? {}
          : { ProjectionExpression: attributes, ExpressionAttributeNames: expressions.names }),
        ...(query.limit === undefined ? {} : { Limit: query.limit }),
        ...(query.after === undefined ? {} : { ExclusiveStartKey: attributesOf({ pk: query.pk, sk: query.after }) }),
      }),
    );
    return {
      items: (answer.Items ?? []).map(toItem),
      next: answer.LastEvaluatedKey === undefined ? undefined : keySchema.parse(toItem(answer.LastEvaluatedKey)).sk,
    };
  }

  async update(key: Key, change: Change): Promise<Written> {
    const expressions = new Expressions();
    const update = expressions.update(change);
    await this.#turns.begin();
    return this.#conditional(key, async () => {
      const answer = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#name,
          Key: attributesOf(key),
          UpdateExpression: update,
          ...conditionOf(expressions, change.condition),
          ReturnValues: change.blind === true ? 'NONE' : 'ALL_NEW',
        }),
      );
      return answer.Attributes === undefined ? {} : toItem(answer.Attributes);
    });
  }

  async remove(key: Key, condition?: Condition): Promise<Written> {
    const expressions = new Expressions();
    return this.#conditional(key, async () => {
      await this.#client.send(
        new DeleteItemCommand({
          TableName: this.#name,
          Key: attributesOf(key),
          ...conditionOf(expressions, condition),
        }),
      );
      return {};
    });
  }

  async due(shard: string, before: string, limit: number): Promise<readonly Key[]> {
    const answer = await this.#client.send(
      new QueryCommand({
        TableName: this.#name,
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'due_pk = :shard AND due_at <= :before',
        ExpressionAttributeValues: toAttributes({ ':shard': shard, ':before': before }),
        Limit: limit,
      }),
    );
    return z.array(keySchema).parse((answer.Items ?? []).map(toItem));
  }

  async #conditional(key: Key, write: () => Promise<Item>): Promise<Written> {
    try {
      return { applied: true, item: await write() };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { applied: false, item: await this.get(key) };
    }
  }
}

/** Names and values are sent only where used: DynamoDB refuses empty ones. */
function conditionOf(expressions: Expressions, condition: Condition | undefined) {
  const text = condition === undefined ? undefined : expressions.condition(condition);
  return {
    ...(text === undefined ? {} : { ConditionExpression: text }),
    ...(Object.keys(expressions.names).length > 0 ? { ExpressionAttributeNames: expressions.names } : {}),
    ...(Object.keys(expressions.values).length > 0
      ? { ExpressionAttributeValues: toAttributes(expressions.values) }
      : {}),
  };
}

function open(): Table {
  return new DynamoTable(new DynamoDBClient({ maxAttempts: 5 }), setting('table'));
}

export const tableReader = adapter('readTable', (): TableReader => open());
export const table = adapter('writeTable', open);
