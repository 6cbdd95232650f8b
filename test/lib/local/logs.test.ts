import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, onTestFinished, test } from 'vitest';
import { clientSettings } from '../../../lib/local/clients.ts';
import { startLogs } from '../../../lib/local/logs.ts';
import { lines, stateDirectory } from './fixtures/state.ts';

async function logs() {
  const file = join(stateDirectory(), 'audit.log');
  const endpoint = await startLogs(file, () => ['audit']);
  onTestFinished(() => endpoint.close());
  return { file, client: new CloudWatchLogsClient({ ...clientSettings(endpoint.url), maxAttempts: 1 }) };
}

test('lines written to the audit group are appended to a file of their own', async () => {
  const { file, client } = await logs();
  const stream = { logGroupName: 'audit', logStreamName: 'one' };
  await client.send(new CreateLogStreamCommand(stream));
  for (const n of [1, 2]) {
    const logEvents = [{ timestamp: Date.now(), message: JSON.stringify({ n }) }];
    await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }
  expect(lines(file)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('an unknown group, stream or action is refused', async () => {
  const { client } = await logs();
  const logEvents = [{ timestamp: Date.now(), message: 'x' }];
  const unknown = { name: 'ResourceNotFoundException' };
  const group = new CreateLogStreamCommand({ logGroupName: 'other', logStreamName: 'one' });
  await expect(client.send(group)).rejects.toMatchObject(unknown);
  const stream = new PutLogEventsCommand({ logGroupName: 'audit', logStreamName: 'none', logEvents });
  await expect(client.send(stream)).rejects.toMatchObject(unknown);
  await expect(client.send(new DescribeLogGroupsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});
