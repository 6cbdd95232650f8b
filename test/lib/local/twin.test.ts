import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { decodeJwt, jwtVerify } from 'jose';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { clientSettings } from '../../../lib/local/clients.ts';
import { LockedError } from '../../../lib/local/lock.ts';
import { signingSecret, signToken } from '../../../lib/local/tokens.ts';
import { startTwin, type Twin, type TwinOptions } from '../../../lib/local/twin.ts';
import { lines, linesIn, stateDirectory } from './fixtures/state.ts';
import { lambda, queue, source, template } from './fixtures/template.ts';

// Workers are started for real, which takes longer on a machine that is busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const started: Twin[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((twin) => twin.stop()));
});

async function start(options: Partial<TwinOptions> & { directory: string }): Promise<Twin> {
  const twin = await startTwin({ port: 0, tick: false, template: template(), ...options });
  started.push(twin);
  return twin;
}

const endpointsSchema = z.object({
  table: z.object({ url: z.string(), name: z.string() }),
  queues: z.object({ url: z.string(), urls: z.record(z.string(), z.string()) }),
});

/** A twin in a process of its own, which the test may kill. */
async function startApart(directory: string, stack: unknown) {
  const script = fileURLToPath(new URL('./fixtures/run-twin.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, directory, JSON.stringify(stack)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  if (child.stdout === null) throw new Error('The child has no output.');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const endpoints = endpointsSchema.parse(JSON.parse(z.string().parse(line)));
  return {
    endpoints,
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const item = { pk: { S: 'p' }, sk: { S: 's' }, due: { S: 'DUE#0' } };

test('table and queues survive kill -9, and what was in flight is visible again at once', async () => {
  const directory = stateDirectory();
  const record = join(directory, 'record');
  const environment = { RECORD_FILE: record };
  // At first long enough that no message would come back by itself while this test runs.
  const stack = (handler: string, visibility: number) =>
    template({
      Work: queue(undefined, visibility),
      Other: queue(),
      F: lambda(handler, { environment }),
      S: source('Work', 'F'),
    });
  const apart = await startApart(directory, stack('hang', 3600));
  const { table, queues } = apart.endpoints;
  const sqs = new SQSClient(clientSettings(queues.url));
  await new DynamoDBClient(clientSettings(table.url)).send(new PutItemCommand({ TableName: table.name, Item: item }));
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls.Other, MessageBody: 'kept' }));
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls.Other, MessageBody: 'later', DelaySeconds: 900 }));
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls.Work, MessageBody: 'in flight' }));
  await linesIn(record, 1);
  await apart.kill();

  const twin = await start({ directory, template: stack('consume', 1) });
  await twin.idle();
  expect(lines(record)[1]).toMatchObject({
    consumed: { Records: [{ body: 'in flight', attributes: { ApproximateReceiveCount: '2' } }] },
  });
  const again = new SQSClient(clientSettings(twin.endpoints.queues.url));
  const received = await again.send(
    new ReceiveMessageCommand({ QueueUrl: twin.endpoints.queues.urls.Other, MaxNumberOfMessages: 10 }),
  );
  expect(received.Messages?.map(({ Body }) => Body)).toEqual(['kept']);
  const client = new DynamoDBClient(clientSettings(twin.endpoints.table.url));
  const TableName = twin.endpoints.table.name;
  const got = await client.send(new GetItemCommand({ TableName, Key: { pk: item.pk, sk: item.sk } }));
  expect(got.Item).toEqual(item);
  const query = new QueryCommand({
    TableName,
    IndexName: 'due',
    KeyConditionExpression: 'due = :due',
    ExpressionAttributeValues: { ':due': item.due },
  });
  expect((await client.send(query)).Items).toEqual([item]);
});

test('two twins cannot share a state, one that died gives it free', async () => {
  const directory = stateDirectory();
  const twin = await start({ directory });
  await expect(startTwin({ directory, port: 0, template: template() })).rejects.toThrow(LockedError);
  await twin.stop();
  // No process has this id: it is above what Linux and macOS give.
  writeFileSync(join(directory, 'lock'), '99999999');
  await start({ directory });
});

test('a start that fails leaves nothing behind that a later one would meet', async () => {
  const directory = stateDirectory();
  const broken = template({ Odd: queue({ to: 'Nowhere', after: 1 }) });
  await expect(startTwin({ directory, port: 0, template: broken })).rejects.toThrow('Nowhere');
  const twin = await start({ directory });
  const port = Number(new URL(twin.url).port);
  await expect(startTwin({ directory: stateDirectory(), port, template: template() })).rejects.toThrow('EADDRINUSE');
});

test('a fresh twin begins with nothing, and signs with a new secret', async () => {
  const directory = stateDirectory();
  const before = await start({ directory, template: template({ Work: queue() }) });
  const old = signingSecret(directory).value;
  const sqs = new SQSClient(clientSettings(before.endpoints.queues.url));
  await sqs.send(new SendMessageCommand({ QueueUrl: before.endpoints.queues.urls.Work, MessageBody: 'old' }));
  await before.stop();
  const twin = await start({ directory, fresh: true, template: template({ Work: queue() }) });
  const again = new SQSClient(clientSettings(twin.endpoints.queues.url));
  const received = await again.send(new ReceiveMessageCommand({ QueueUrl: twin.endpoints.queues.urls.Work }));
  expect(received.Messages).toBeUndefined();
  expect(signingSecret(directory).value).not.toBe(old);
});

test('tokens are signed with a secret that stays the same and that only its owner reads', async () => {
  const directory = stateDirectory();
  const { arn, value } = signingSecret(directory);
  expect(value.length).toBeGreaterThanOrEqual(32);
  expect(signingSecret(directory)).toEqual({ arn, value });
  const token = await signToken(directory, { tenant: 'acme', role: 'viewer', extra: 1 });
  const { payload } = await jwtVerify(token, new TextEncoder().encode(value), {
    issuer: 'https://local.infraaudit.example',
    audience: 'infraaudit',
    algorithms: ['HS256'],
  });
  expect(payload).toMatchObject({ sub: 'acme', infraaudit_role: 'viewer', extra: 1, exp: expect.any(Number) });
  expect(decodeJwt(await signToken(directory))).not.toHaveProperty('infraaudit_role');
  expect(statSync(join(directory, 'secrets')).mode & 0o777).toBe(0o700);
});

test('a tick runs what is scheduled, and says so when that failed', async () => {
  const directory = stateDirectory();
  const record = join(directory, 'record');
  const rule = (functionId: string) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': [functionId, 'Arn'] } }],
    },
  });
  const F = lambda('scheduled', { environment: { RECORD_FILE: record } });
  const twin = await start({ directory, template: template({ F, Rule: rule('F') }) });
  await twin.tick();
  expect(lines(record)).toEqual([
    {
      ticked: {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1:000000000000:rule/infraaudit-local-Rule'],
        detail: {},
      },
    },
  ]);
  const failing = await start({
    directory: stateDirectory(),
    template: template({ F: lambda('fail'), Rule: rule('F') }),
  });
  await expect(failing.tick()).rejects.toThrow('fail: RangeError: out of range');
});
