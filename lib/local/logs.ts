import { appendFile } from 'node:fs/promises';
import * as z from 'zod';
import { action, ServiceError, serveAwsJson } from './aws-json.ts';
import type { Endpoint } from './loopback.ts';

const streamName = z.object({
  logGroupName: z.string().min(1).max(512),
  logStreamName: z.string().regex(/^[^:*]{1,512}$/),
});
const events = streamName.extend({
  logEvents: z
    .array(z.object({ timestamp: z.number().int().min(0), message: z.string().min(1) }))
    .min(1)
    .max(10_000),
});

/** Serves the two calls of CloudWatch Logs that write audit lines, and appends each line to a file of mode 0600. */
export function startLogs(file: string, groups: () => readonly string[]): Promise<Endpoint> {
  const streams = new Set<string>();
  const known = (group: string): void => {
    if (!groups().includes(group))
      throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
  };
  return serveAwsJson({
    CreateLogStream: action(streamName, ({ logGroupName, logStreamName }) => {
      known(logGroupName);
      const key = JSON.stringify([logGroupName, logStreamName]);
      if (streams.has(key))
        throw new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      streams.add(key);
    }),
    PutLogEvents: action(events, async ({ logGroupName, logStreamName, logEvents }) => {
      known(logGroupName);
      if (!streams.has(JSON.stringify([logGroupName, logStreamName]))) {
        throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      const lines = logEvents.map(({ message }) => `${message.replaceAll('\n', '\\n')}\n`);
      await appendFile(file, lines.join(''), { mode: 0o600 });
      return { nextSequenceToken: '0' };
    }),
  });
}
