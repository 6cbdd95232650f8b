import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { clientSettings } from './clients.ts';
import { type Endpoint, LOOPBACK } from './loopback.ts';
import type { TableModel } from './model.ts';

/** The local DynamoDB. */
export interface TableEndpoint extends Endpoint {
  /** Creates the template's table, where it is not there from an earlier start. */
  create(table: TableModel): Promise<void>;
}

/**
 * Starts `dynalite` over a folder. What was written survives `kill -9`: its log is in the system's hands at once.
 * It knows no transactions and no TTL; index writes do not count in its consumed capacity.
 */
export async function startTable(path: string): Promise<TableEndpoint> {
  const thread = new Worker(new URL('./table-server.ts', import.meta.url), {
    workerData: { path },
    execArgv: [],
    env: {},
  });
  const [message] = await once(thread, 'message');
  const { port } = z.object({ port: z.number() }).parse(message);
  const url = `http://${LOOPBACK}:${port}`;
  return {
    port,
    url,
    async create({ name, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }) {
      const client = new DynamoDBClient(clientSettings(url));
      const indexes = GlobalSecondaryIndexes?.map(({ Projection: { NonKeyAttributes, ...projection }, ...index }) => ({
        ...index,
        Projection: { ...projection, ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes }) },
      }));
      try {
        await client.send(
          new CreateTableCommand({
            TableName: name,
            AttributeDefinitions,
            KeySchema,
            BillingMode: 'PAY_PER_REQUEST',
            ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ResourceInUseException)) throw error;
      } finally {
        client.destroy();
      }
    },
    async close() {
      thread.postMessage('close');
      await once(thread, 'exit');
    },
  };
}
