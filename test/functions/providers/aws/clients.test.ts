import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest } from '@smithy/types';
import { afterEach, expect, test } from 'vitest';
import { clientConfig } from '../../../../functions/providers/aws/clients.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';

/** The network, as far as these tests need one: it notes the host of a request and lets none out. */
class NoNetwork extends NodeHttpHandler {
  hosts: string[] = [];
  override async handle(request: HttpRequest): Promise<never> {
    this.hosts.push(request.hostname);
    throw new Error('no network here');
  }
}

const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
const credentials = new Secret({
  v: 1 as const,
  form: 'key' as const,
  accessKeyId,
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
});
const ours = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_EC2'];
afterEach(() => {
  for (const name of ours) delete process.env[name];
});

async function hostsWith(awsEndpoints: { accessKeyIds?: string[]; url: string }[]): Promise<readonly string[]> {
  for (const name of ours) process.env[name] = 'http://our-own-account.invalid';
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints }));
  const network = new NoNetwork();
  const config = clientConfig(credentials, 'eu-west-1', network, 1);
  await expect(new DynamoDBClient(config).send(new ListTablesCommand({}))).rejects.toThrow('no network');
  await expect(new EC2Client(config).send(new DescribeVpcsCommand({}))).rejects.toThrow('no network');
  return network.hosts;
}

test("a customer's account is never called where our own environment points", async () => {
  expect(await hostsWith([])).toEqual(['dynamodb.eu-west-1.amazonaws.com', 'ec2.eu-west-1.amazonaws.com']);
});

test('an endpoint of the deployment is taken for its keys, the first that fits, and for no others', async () => {
  const mine = { accessKeyIds: [accessKeyId], url: 'http://mine.invalid' };
  const rest = { url: 'http://rest.invalid' };
  const other = { accessKeyIds: ['AKIA0000000000000000'], url: 'http://other.invalid' };
  expect(await hostsWith([other, mine, rest])).toEqual(['mine.invalid', 'mine.invalid']);
  expect(await hostsWith([other, rest])).toEqual(['rest.invalid', 'rest.invalid']);
  expect(new Set((await hostsWith([other])).map((host) => host.endsWith('.amazonaws.com')))).toEqual(new Set([true]));
});

test("a queue's URL names a queue, and never the host that is called", async () => {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [] }));
  const network = new NoNetwork();
  const client = new SQSClient(clientConfig(credentials, 'eu-west-1', network, 1));
  const command = new GetQueueAttributesCommand({ QueueUrl: 'https://elsewhere.invalid/111122223333/queue' });
  await expect(client.send(command)).rejects.toThrow('no network');
  expect(network.hosts).toEqual(['sqs.eu-west-1.amazonaws.com']);
});
