import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import * as z from 'zod';
import { action, ServiceError, serveAwsJson } from './aws-json.ts';
import type { Endpoint } from './loopback.ts';

const entries = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.string().min(1),
        Source: z.string().min(1),
        DetailType: z.string().min(1).max(128),
        Detail: z.string().refine((text) => z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).success),
        Time: z.number().optional(),
      }),
    )
    .min(1)
    .max(10),
});

/** Serves EventBridge's PutEvents, and appends each event to a file, a line of JSON each, as a rule's target gets it. */
export function startEvents(file: string, buses: () => readonly string[]): Promise<Endpoint> {
  return serveAwsJson({
    PutEvents: action(entries, async ({ Entries }) => {
      const lines = Entries.map((entry) => {
        if (!buses().includes(entry.EventBusName)) {
          throw new ServiceError('ResourceNotFoundException', `Event bus ${entry.EventBusName} does not exist.`);
        }
        const id = randomUUID();
        const { Source: source, DetailType, Detail } = entry;
        const event = { id, source, 'detail-type': DetailType, time: entry.Time, detail: JSON.parse(Detail) };
        return { id, line: `${JSON.stringify(event)}\n` };
      });
      await appendFile(file, lines.map(({ line }) => line).join(''), { mode: 0o600 });
      return { FailedEntryCount: 0, Entries: lines.map(({ id }) => ({ EventId: id })) };
    }),
  });
}
