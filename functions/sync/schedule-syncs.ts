import { table } from '../adapters/dynamodb-table.ts';
import { secretDeleter } from '../adapters/secrets-manager.ts';
import { requestQueue } from '../adapters/sqs-queues.ts';
import { sweep } from '../domain/sweep.ts';
import { clock } from '../runtime/clock.ts';
import { log, metrics } from '../runtime/logger.ts';
import { scheduleHandler } from './schedule-handler.ts';
import { stages } from './stages.ts';

/** The tick: starts what is due and finishes what a crash left half-done. */
export const handler = scheduleHandler(
  stages.scheduleSyncs,
  { table, deleter: secretDeleter, requests: requestQueue },
  async (ports) => sweep({ ...ports, clock, log, metrics }),
);
