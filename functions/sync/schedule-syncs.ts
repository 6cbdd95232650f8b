import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { secretDeleter } from '../adapters/secrets-manager.ts';
import { requestQueue } from '../adapters/sqs-queues.ts';
import { sweep } from '../domain/sweep.ts';
import { scheduleHandler } from './schedule-handler.ts';
import { stages } from './stages.ts';

/** The tick: starts what is due and finishes what a crash left half-done. */
export const handler = scheduleHandler(
  stages.scheduleSyncs,
  { table, deleter: secretDeleter, requests: requestQueue, events: eventBus },
  sweep,
);
