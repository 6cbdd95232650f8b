import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Events } from '../domain/ports.ts';
import { adapter } from '../runtime/adapter.ts';
import { setting } from '../runtime/settings.ts';

/** The `source` of every event. */
const SOURCE = 'infraaudit.providers';
const TRIES = 3;

/** The bus did not take an event, however often it was sent. */
export class EventBusError extends Error {
  override readonly name = 'EventBusError';
}

export const eventBus = adapter('publishEvents', (): Events => {
  const client = new EventBridgeClient({});
  const bus = setting('events');
  return {
    async publish({ name, detail }) {
      const entry = {
        EventBusName: bus,
        Source: SOURCE,
        DetailType: name,
        Detail: JSON.stringify(detail),
        Time: new Date(detail.time),
      };
      // The call answers 200 with failures inside.
      for (let tries = 0; tries < TRIES; tries += 1) {
        const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
        if ((answer.FailedEntryCount ?? 0) === 0) return;
      }
      throw new EventBusError('The bus did not take the event.');
    },
  };
});
