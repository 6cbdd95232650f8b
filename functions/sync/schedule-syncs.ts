import * as z from 'zod';
import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { secretDeleter } from '../adapters/secrets-manager.ts';
import { requestQueue } from '../adapters/sqs-queues.ts';
import type { JobKind } from '../domain/messages.ts';
import { sweep } from '../domain/sweep.ts';
import { kindsOf } from '../providers/registered.ts';
import { scheduleHandler } from './schedule-handler.ts';
import { stages } from './stages.ts';

/** What a person may call it with, once it is known that what it left alone may go. EventBridge's events have no such field. */
const byHand = z.object({ undo: z.int().positive() });

/** The schedule Lambda over these clouds. */
export const tickHandler = (kinds: (cloud: string) => readonly JobKind[]) =>
  scheduleHandler(
    stages.scheduleSyncs,
    { table, deleter: secretDeleter, requests: requestQueue, events: eventBus },
    (ports, event) => sweep({ ...ports, kinds }, byHand.safeParse(event).data?.undo),
  );

/** The tick: starts what is due and finishes what a crash left half-done. */
export const handler = tickHandler(kindsOf);
