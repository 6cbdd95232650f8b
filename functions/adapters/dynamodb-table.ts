import { setTimeout } from 'node:timers/promises';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Condition } from '../domain/conditions.ts';
import type { Key } from '../domain/keys.ts';
import type { Change, Query, Rows, Table, TableReader, Written } from '../domain/ports.ts';
import { adapter } from '../runtime/adapter.ts';
import { setting } from '../runtime/settings.ts';
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
const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** The table behind the port. A condition that refuses is read back, since an earlier try may have got through. */
class DynamoTable implements Table {
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;
  readonly #turns = new Turns(WRITES_A_TURN);

  constructor(client: DynamoDBDocumentClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async get(key: Key): Promise<Readonly<Record<string, unknown>> | undefined> {
    const answer = await this.#client.send(
      new GetCommand({ TableName: this.#name, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true }),
    );
    return answer.Item;
  }

  async getMany(keys: readonly Key[]): Promise<readonly (Readonly<Record<string, unknown>> | undefined)[]> {
    const pages = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, n) =>
      keys.slice(n * BATCH, (n + 1) * BATCH),
    );
    const found = (await Promise.all(pages.map((page) => this.#batch(page)))).flat();
    const byKey = new Map(found.map((item) => [textOf(keySchema.parse(item)), item]));
    return keys.map((key) => byKey.get(textOf(key)));
  }

  /** The call answers 200 with keys left unread. */
  async #batch(keys: readonly Key[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = [];
    let left: readonly Readonly<Record<string, unknown>>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries === BATCH_TRIES) throw new TableError(`${left.length} items could not be read.`);
      if (tries > 0) await setTimeout(50 * 2 ** tries * Math.random());
      const answer = await this.#client.send(
        new BatchGetCommand({ RequestItems: { [this.#name]: { Keys: [...left], ConsistentRead: true } } }),
      );
      found.push(...(answer.Responses?.[this.#name] ?? []));
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
        ExpressionAttributeValues:
          beginning === '' ? { ':pk': query.pk } : { ':pk': query.pk, ':beginning': beginning },
        ScanIndexForward: query.newestFirst !== true,
        ...(attributes === undefined
          ? {}
          : { ProjectionExpression: attributes, ExpressionAttributeNames: expressions.names }),
        ...(query.limit === undefined ? {} : { Limit: query.limit }),
        ...(query.after === undefined ? {} : { ExclusiveStartKey: { pk: query.pk, sk: query.after } }),
      }),
    );
    return {
      items: answer.Items ?? [],
      next: answer.LastEvaluatedKey === undefined ? undefined : keySchema.parse(answer.LastEvaluatedKey).sk,
    };
  }

  async update(key: Key, change: Change): Promise<Written> {
    const expressions = new Expressions();
    const update = expressions.update(change);
    await this.#turns.begin();
    return this.#conditional(key, async () => {
      const answer = await this.#client.send(
        new UpdateCommand({
          TableName: this.#name,
          Key: { pk: key.pk, sk: key.sk },
          UpdateExpression: update,
          ...conditionOf(expressions, change.condition),
          ReturnValues: change.blind === true ? 'NONE' : 'ALL_NEW',
        }),
      );
      return answer.Attributes ?? {};
    });
  }

  async remove(key: Key, condition?: Condition): Promise<Written> {
    const expressions = new Expressions();
    return this.#conditional(key, async () => {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#name,
          Key: { pk: key.pk, sk: key.sk },
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
        ExpressionAttributeValues: { ':shard': shard, ':before': before },
        Limit: limit,
      }),
    );
    return z.array(keySchema).parse(answer.Items ?? []);
  }

  async #conditional(key: Key, write: () => Promise<Readonly<Record<string, unknown>>>): Promise<Written> {
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
    ...(Object.keys(expressions.values).length > 0 ? { ExpressionAttributeValues: expressions.values } : {}),
  };
}

function open(): Table {
  const client = new DynamoDBClient({ maxAttempts: 5 });
  return new DynamoTable(
    DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    setting('table'),
  );
}

export const tableReader = adapter('readTable', (): TableReader => open());
export const table = adapter('writeTable', open);
