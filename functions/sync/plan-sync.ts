import { table } from '../adapters/dynamodb-table.ts';
import { secretReader } from '../adapters/secrets-manager.ts';
import { taskQueues } from '../adapters/sqs-queues.ts';
import { syncRequestSchema } from '../domain/messages.ts';
import { planSync } from '../domain/plan.ts';
import { scopesOf } from '../providers/planning.ts';
import { collectorsOf } from '../providers/registered.ts';
import { clock } from '../runtime/clock.ts';
import { log } from '../runtime/logger.ts';
import { queueHandler } from './queue-handler.ts';
import { stages } from './stages.ts';

/** The sync Lambda: turns a request into a job, its tasks and their messages. */
export const handler = queueHandler(
  stages.planSync,
  syncRequestSchema,
  { table, secrets: secretReader, tasks: taskQueues },
  async ({ message }, ports) => {
    await planSync(
      {
        table: ports.table,
        tasks: ports.tasks,
        clock,
        log,
        collectors: collectorsOf,
        scopes: (provider) => scopesOf(provider.cloud, () => ports.secrets.read(provider.secret)),
      },
      message,
    );
  },
);
