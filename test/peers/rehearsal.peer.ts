import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DeleteBucketPolicyCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient, ApiError } from '../../lib/local/api-client.ts';
import { MOTO, typesWith } from './aws-support.ts';
import { forMinistack, type Ministack, outputsOf, startMinistack } from './ministack.ts';
import { boto3, linesOf, linesOfResources, MOTO_KEYS, MOTO_LISTS, PEERS, type Peer, startMoto } from './peers.ts';

/** The rehearsal: the real template, bundles and roles, deployed onto an account that is not AWS but enforces roles. */
const STACK = 'infraaudit-rehearsal';
const ISSUER = 'https://issuer.example';
const secret = randomBytes(32).toString('hex');

let account: Ministack;
let moto: Peer;
let api: ApiClient;
const clients = () => ({
  endpoint: account.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

async function deploy(issuer: string, tokenSecretArn: string): Promise<string> {
  const context = {
    stackName: STACK,
    tokenIssuer: issuer,
    tokenAudience: 'infraaudit',
    tokenSecretArn,
    awsEndpoints: JSON.stringify([{ url: moto.url }]),
  };
  const args = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const assembly = join(PEERS, 'cdk.out');
  await account.cdk('synth', '--quiet', '--output', assembly, ...args);
  forMinistack(assembly, STACK);
  const outputs = ['--outputs-file', join(PEERS, 'outputs.json')];
  return account.cdk('deploy', '--app', assembly, '--require-approval', 'never', '--progress', 'events', ...outputs);
}

let tokenSecretArn = '';
beforeAll(async () => {
  [account, moto] = await Promise.all([startMinistack(), startMoto()]);
  await boto3('populate', moto.url, MOTO_KEYS, {
    POPULATED_REGIONS: 'us-east-1',
    LEFT_OUT: typesWith(MOTO, 'empty').join(),
  });
  const secrets = new SecretsManagerClient(clients());
  const made = await secrets.send(new CreateSecretCommand({ Name: 'token-signing', SecretString: secret }));
  tokenSecretArn = made.ARN ?? '';
  await account.cdk('bootstrap', '--output', join(PEERS, 'cdk.out'));
  // The staging bucket's policy wants TLS, which a server on loopback does not have.
  const s3 = new S3Client({ ...clients(), forcePathStyle: true });
  for (const { Name } of (await s3.send(new ListBucketsCommand({}))).Buckets ?? []) {
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: Name }));
  }
  await deploy(ISSUER, tokenSecretArn);
  const url = Object.values(outputsOf(join(PEERS, 'outputs.json'), STACK)).find((value) => /execute-api/.test(value));
  const id = /([a-z0-9]+)\.execute-api/.exec(url ?? '')?.[1];
  const token = await new SignJWT({ sub: 'acme' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience('infraaudit')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  api = new ApiClient(`${account.url}/_aws/execute-api/${id}/$default/api/v1/providers`, token);
});
afterAll(async () => {
  await account?.stop();
  await moto?.stop();
});

const customerSecrets = async (): Promise<readonly string[]> => {
  const answer = await new SecretsManagerClient(clients()).send(new ListSecretsCommand({}));
  return (answer.SecretList ?? []).flatMap(({ Name }) => (Name?.startsWith(`${STACK}/aws/`) === true ? [Name] : []));
};

test('deployed: connect, sync, list, read back, sync again, disconnect', async () => {
  const provider = await api.connect('aws', { name: 'rehearsal', region: 'us-east-1', ...MOTO_KEYS });
  expect(await customerSecrets()).toHaveLength(1);
  await expect
    .poll(async () => (await api.job(provider.id, 1)).status, { timeout: 240_000, interval: 1000 })
    .toMatch(/succeeded|partial|failed/);
  expect(await api.job(provider.id, 1)).toMatchObject({ status: 'succeeded' });
  expect(await api.providers()).toMatchObject([{ id: provider.id, status: 'synced' }]);

  const inventory = linesOfResources(await api.resources(provider.id));
  expect(inventory).toEqual(linesOf(await boto3('list', moto.url, MOTO_KEYS, MOTO_LISTS)));

  const second = await api.sync(provider.id);
  await expect
    .poll(async () => (await api.job(provider.id, second)).status, { timeout: 240_000, interval: 1000 })
    .toBe('succeeded');
  expect(await api.job(provider.id, second)).toMatchObject({ resources: { found: inventory.length } });

  await api.disconnect(provider.id);
  expect(await customerSecrets()).toEqual([]);
  expect(await api.providers()).toEqual([]);
  await expect(api.disconnect(provider.id)).rejects.toThrow(ApiError);
  expect(await api.resources(provider.id)).toHaveLength(inventory.length);
  console.log(`rehearsal: ${inventory.length} resources through the deployed stack, equal`);
});

test.each([
  ['gcp', { serviceAccountJson: '{}', projectId: 'my-gcp-project' }],
  ['azure', { clientId: 'x', clientSecret: 'x', tenantId: 'common', subscriptionId: 'x' }],
  ['kubernetes', { kubeconfig: 'users: [{ name: a, user: { exec: { command: id } } }]' }],
])('deployed: the bundle of %s loads, and refuses credentials by its own rules', async (cloud, body) => {
  await expect(api.connect(cloud, { name: 'refused', ...body })).rejects.toMatchObject({ status: 422 });
});

test('a deployment with another issuer is refused, and says why', async () => {
  await expect(deploy('https://other.example', tokenSecretArn)).rejects.toThrow(/tokenIssuer or tenantClaim/);
});
