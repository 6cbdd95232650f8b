import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { clientSettings } from '../../../lib/local/clients.ts';
import { startSecrets } from '../../../lib/local/secrets.ts';
import { stateDirectory } from './fixtures/state.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';

async function manager(folder = join(stateDirectory(), 'secrets')) {
  const endpoint = await startSecrets(folder);
  const client = new SecretsManagerClient({ ...clientSettings(endpoint.url), maxAttempts: 1 });
  onTestFinished(() => endpoint.close());
  return { endpoint, client, folder };
}

test('a secret outlives the process, in a file that only its owner reads', async () => {
  const { client, endpoint, folder } = await manager();
  const { ARN } = await client.send(new CreateSecretCommand({ Name: 'stack/aws/one', SecretString: 'value' }));
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:stack\/aws\/one-\w{6}$/);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder);
  expect(files.map((file) => statSync(join(folder, file)).mode & 0o777)).toEqual([0o600]);
  await endpoint.close();

  const { client: again } = await manager(folder);
  for (const SecretId of ['stack/aws/one', ARN, ARN?.slice(0, -7)]) {
    expect(await again.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ SecretString: 'value', ARN });
  }
});

test('the same creation twice is one, and another one under the same name is refused', async () => {
  const { client } = await manager();
  const create = (SecretString: string, ClientRequestToken: string) =>
    client.send(new CreateSecretCommand({ Name: 'a', SecretString, ClientRequestToken }));
  const first = await create('value', TOKEN);
  expect(await create('value', TOKEN)).toMatchObject({ ARN: first.ARN, VersionId: TOKEN });
  await expect(create('other', TOKEN)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(create('value', TOKEN.replace('0', 'f'))).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('a secret in its recovery window can be described, but not read, made again or tagged', async () => {
  const { client } = await manager();
  await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'value' }));
  await client.send(new DeleteSecretCommand({ SecretId: 'a', RecoveryWindowInDays: 7 }));
  const marked = { name: 'InvalidRequestException' };
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'a' }))).rejects.toMatchObject(marked);
  await expect(client.send(new TagResourceCommand({ SecretId: 'a', Tags: [] }))).rejects.toMatchObject(marked);
  await expect(client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'b' }))).rejects.toMatchObject(marked);
  expect(await client.send(new DescribeSecretCommand({ SecretId: 'a' }))).toMatchObject({
    DeletedDate: expect.any(Date),
  });
  expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  expect((await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true }))).SecretList).toHaveLength(1);
});

test('a forced deletion is immediate, and succeeds where there is nothing', async () => {
  const { client, folder } = await manager();
  await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'value' }));
  const force = () => client.send(new DeleteSecretCommand({ SecretId: 'a', ForceDeleteWithoutRecovery: true }));
  await force();
  expect(readdirSync(folder)).toEqual([]);
  await force();
  const missing = { name: 'ResourceNotFoundException' };
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'a' }))).rejects.toMatchObject(missing);
  await expect(client.send(new DeleteSecretCommand({ SecretId: 'a' }))).rejects.toMatchObject(missing);
  await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'anew' }));
});

test('arguments beyond what Secrets Manager takes are refused', async () => {
  const { client } = await manager();
  const long = new CreateSecretCommand({ Name: 'a', SecretString: 'x'.repeat(65_537) });
  await expect(client.send(long)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(client.send(new CreateSecretCommand({ Name: 'a' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'value' }));
  const both = { SecretId: 'a', ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 };
  for (const input of [both, { SecretId: 'a', RecoveryWindowInDays: 6 }]) {
    await expect(client.send(new DeleteSecretCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  }
});

test('lists are paged, and filtered by the beginning of the name', async () => {
  const { client } = await manager();
  for (const Name of ['s/b', 's/a', 't/a']) await client.send(new CreateSecretCommand({ Name, SecretString: 'value' }));
  const filters = { Filters: [{ Key: 'name' as const, Values: ['s/'] }], MaxResults: 1 };
  const first = await client.send(new ListSecretsCommand(filters));
  expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['s/a']);
  const second = await client.send(new ListSecretsCommand({ ...filters, NextToken: first.NextToken }));
  expect(second.SecretList?.map(({ Name }) => Name)).toEqual(['s/b']);
  expect(second.NextToken).toBeUndefined();
});

test('calls are counted by action and secret, and an action that nobody taught it is refused', async () => {
  const { client, endpoint } = await manager();
  const { ARN } = await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'value' }));
  await client.send(new GetSecretValueCommand({ SecretId: 'a' }));
  await client.send(new GetSecretValueCommand({ SecretId: ARN }));
  expect(endpoint.calls()).toEqual({ 'CreateSecret a': 1, 'GetSecretValue a': 2 });
  const unknown = new PutSecretValueCommand({ SecretId: 'a', SecretString: 'b' });
  await expect(client.send(unknown)).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
