import { table } from '../adapters/dynamodb-table.ts';
import { deadLetters } from '../adapters/sqs-queues.ts';
import { failTask } from '../domain/fail-task.ts';
import { taskMessageSchema } from '../domain/messages.ts';
import { collectorsOf } from '../providers/registered.ts';
import { clock } from '../runtime/clock.ts';
import { log, metrics } from '../runtime/logger.ts';
import { queueHandler } from './queue-handler.ts';
import { stages } from './stages.ts';

/** Ends the tasks that their queue has given up on, so that no job hangs. */
export const handler = queueHandler(
  stages.failTask,
  taskMessageSchema,
  { table, deadLetters },
  async ({ message, body, worker }, ports) => {
    await failTask({ ...ports, clock, log, metrics, collectors: collectorsOf }, message, body, worker);
  },
);
