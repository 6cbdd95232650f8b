import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { deadLetters } from '../adapters/sqs-queues.ts';
import type { CollectorFacts } from '../domain/cloud.ts';
import { failTask } from '../domain/fail-task.ts';
import { taskMessageSchema } from '../domain/messages.ts';
import { collectorsOf } from '../providers/registered.ts';
import { queueHandler } from './queue-handler.ts';
import { stages } from './stages.ts';

/** The fail-task Lambda over these clouds' collectors. */
export const failHandler = (collectors: (cloud: string) => readonly CollectorFacts[]) =>
  queueHandler(
    stages.failTask,
    taskMessageSchema,
    { table, deadLetters, events: eventBus },
    ({ message, body, worker }, ports) => failTask({ ...ports, collectors }, message, body, worker),
  );

/** Ends the tasks that their queue has given up on, so that no job hangs. */
export const handler = failHandler(collectorsOf);
