import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { deadLetters } from '../adapters/sqs-queues.ts';
import type { CollectorFacts } from '../domain/cloud.ts';
import { failTask } from '../domain/fail-task.ts';
import { taskMessageSchema } from '../domain/messages.ts';
import { collectorsOf, costsOf } from '../providers/registered.ts';
import { queueHandler } from './queue-handler.ts';
import { stages } from './stages.ts';

/** The fail-task Lambda over these clouds. */
export const failHandler = (clouds: {
  collectors(cloud: string): readonly CollectorFacts[];
  /** Name of the cloud's source of costs. */
  costSource(cloud: string): string | undefined;
}) =>
  queueHandler(
    stages.failTask,
    taskMessageSchema,
    { table, deadLetters, events: eventBus },
    ({ message, body, worker }, ports) => failTask({ ...ports, ...clouds }, message, body, worker),
  );

/** Ends the tasks that their queue has given up on, so that no job hangs. */
export const handler = failHandler({ collectors: collectorsOf, costSource: (cloud) => costsOf(cloud)?.name });
