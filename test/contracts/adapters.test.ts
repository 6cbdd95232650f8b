import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { table as tableAdapter } from '../../functions/adapters/dynamodb-table.ts';
import { secretCreator, secretDeleter, secretReader } from '../../functions/adapters/secrets-manager.ts';
import { deadLetters, messageDelay, requestQueue, taskQueues } from '../../functions/adapters/sqs-queues.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';
import { ACCOUNT, AUDIENCE, ISSUER, REGION, STACK_NAME } from '../../lib/local/account.ts';
import { clientSettings } from '../../lib/local/clients.ts';
import { readTemplate } from '../../lib/local/model.ts';
import { type Queues, startQueues } from '../../lib/local/queues.ts';
import { type Secrets, startSecrets } from '../../lib/local/secrets.ts';
import { startTable, type TableEndpoint } from '../../lib/local/table.ts';
import { synthesize } from '../../lib/local/template.ts';
import { signingSecret } from '../../lib/local/tokens.ts';
import { type QueuePorts, queueContract } from './queues.ts';
import { secretContract } from './secrets.ts';
import { tableContract } from './table.ts';

// The adapters as they are deployed, over the wire protocols of the local twin.

const directory = mkdtempSync(join(tmpdir(), 'infraaudit-contracts-'));
const urls: Partial<Record<Parameters<QueuePorts['receive']>[0], string>> = {};
let endpoints: { readonly table: TableEndpoint; readonly queues: Queues; readonly secrets: Secrets };
let client: SQSClient;

beforeAll(async () => {
  const [table, queues, secrets] = await Promise.all([
    startTable(join(directory, 'table')),
    startQueues(join(directory, 'queues')),
    startSecrets(join(directory, 'secrets')),
  ]);
  endpoints = { table, queues, secrets };
  const settings = { tokenIssuer: ISSUER, tokenAudience: AUDIENCE, tokenSecretArn: signingSecret(directory).arn };
  const at = { account: ACCOUNT, region: REGION, stackName: STACK_NAME, queueUrl: queues.urlOf };
  const stack = readTemplate(synthesize(settings), at);
  await table.create(stack.table);
  queues.create(stack.queues);
  const urlOf = (id: string): string => {
    const queue = stack.queues.find((one) => one.id === id);
    if (queue === undefined)
      throw new Error(`The stack has no queue ${id}: ${stack.queues.map((one) => one.id).join(', ')}.`);
    return queue.url;
  };
  Object.assign(urls, {
    requests: urlOf('requests'),
    tasks: urlOf('tasks-aws'),
    failedTasks: urlOf('failed-tasks'),
    deadLetters: urlOf('dead-letters'),
  });
  client = new SQSClient(clientSettings(queues.url));
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ENDPOINT_URL_SQS: queues.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    ...environmentOf('table', stack.table.name),
    ...environmentOf('requests', urls.requests ?? ''),
    ...environmentOf('tasks', { aws: urls.tasks ?? '' }),
    ...environmentOf('deadLetters', urls.deadLetters ?? ''),
    ...environmentOf('source', urls.tasks ?? ''),
    ...environmentOf('secrets', { prefix: 'stack' }),
  });
});

afterAll(async () => {
  client.destroy();
  await Promise.all(Object.values(endpoints).map((endpoint) => endpoint.close()));
  rmSync(directory, { recursive: true, force: true });
});

tableContract('DynamoDB', () => tableAdapter.open());
secretContract('Secrets Manager', () => ({
  creator: secretCreator.open(),
  reader: secretReader.open(),
  deleter: secretDeleter.open(),
}));
queueContract('SQS', () => ({
  requests: requestQueue.open(),
  tasks: taskQueues.open(),
  deadLetters: deadLetters.open(),
  delay: messageDelay.open(),
  async receive(queue, most) {
    const answer = await client.send(
      new ReceiveMessageCommand({ QueueUrl: urls[queue], MaxNumberOfMessages: most, WaitTimeSeconds: 0 }),
    );
    return (answer.Messages ?? []).map(({ MessageId: id = '', ReceiptHandle: receipt = '', Body: body = '' }) => ({
      id,
      receipt,
      body,
    }));
  },
  async remove(queue, receipt) {
    await client.send(new DeleteMessageCommand({ QueueUrl: urls[queue], ReceiptHandle: receipt }));
  },
  pass: (seconds) => setTimeout(seconds * 1000),
}));
