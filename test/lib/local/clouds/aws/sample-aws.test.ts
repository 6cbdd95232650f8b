import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeTableCommand, DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSnapshotsCommand,
  DescribeVpcsCommand,
  EC2Client,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import {
  ElasticLoadBalancingClient,
  paginateDescribeLoadBalancers as paginateClassicBalancers,
} from '@aws-sdk/client-elastic-load-balancing';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultKnobs } from '../../../../../lib/local/clouds/aws/knobs.ts';
import {
  EXAMPLE_ACCOUNT,
  type Knobs,
  MAIN_ACCOUNT,
  ROOT_ACCOUNT,
  type SampleAws,
  startSampleAws,
} from '../../../../../lib/local/clouds/aws/sample-aws.ts';

/** The sample cloud refuses, pages and fails as AWS does, seen by AWS's own clients. */
let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws();
});
afterAll(() => sample?.close());
afterEach(() => sample.knobs(defaultKnobs));

const config = (region = 'us-east-1', change: object = {}) => {
  const { accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
  const credentials = { accessKeyId, secretAccessKey, ...change };
  return { endpoint: sample.url, region, credentials, maxAttempts: 1, forcePathStyle: true };
};
const ofMain = (type: string, region: string): number =>
  sample.inventory(MAIN_ACCOUNT.accountId)[type]?.[region]?.length ?? 0;

describe('who may call', () => {
  test('a good key is told whose it is, each of the accounts its own', async () => {
    for (const account of [MAIN_ACCOUNT, EXAMPLE_ACCOUNT, ROOT_ACCOUNT]) {
      const answer = await new STSClient(config('eu-west-1', account)).send(new GetCallerIdentityCommand({}));
      expect([answer.Account, answer.Arn]).toEqual([account.accountId, account.userArn]);
    }
  });

  const unknown = { accessKeyId: 'AKIA0000000000000000' };
  const wrong = { secretAccessKey: 'wrong' };
  const calls: [string, (change: object) => Promise<unknown>, string, string][] = [
    [
      'sts',
      (c) => new STSClient(config('us-east-1', c)).send(new GetCallerIdentityCommand({})),
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
    ],
    [
      'ec2',
      (c) => new EC2Client(config('us-east-1', c)).send(new DescribeVpcsCommand({})),
      'AuthFailure',
      'AuthFailure',
    ],
    [
      's3',
      (c) => new S3Client(config('us-east-1', c)).send(new ListBucketsCommand({})),
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
    ],
    [
      'iam',
      (c) => new IAMClient(config('us-east-1', c)).send(new ListRolesCommand({})),
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
    ],
    [
      'rds',
      (c) => new RDSClient(config('us-east-1', c)).send(new DescribeDBInstancesCommand({})),
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
    ],
    [
      'dynamodb',
      (c) => new DynamoDBClient(config('us-east-1', c)).send(new DescribeTableCommand({ TableName: 'x' })),
      'UnrecognizedClientException',
      'InvalidSignatureException',
    ],
  ];
  for (const [service, call, forKey, forSecret] of calls) {
    test(`${service} refuses an unknown key and a wrong secret in its own words`, async () => {
      await expect(call(unknown)).rejects.toMatchObject({ name: forKey });
      await expect(call(wrong)).rejects.toMatchObject({ name: forSecret });
      await expect(call({ sessionToken: 'made-up' })).rejects.toMatchObject({ name: forKey });
    });
  }

  test('a region that is not enabled refuses a good key like a bad one', async () => {
    await expect(new STSClient(config('af-south-1')).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  test('a clock that is off is told so, and a request without a signature is refused', async () => {
    const client = new STSClient({ ...config(), systemClockOffset: -3_600_000 });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toThrow(/Signature expired/);
    expect((await fetch(`${sample.url}/?Action=GetCallerIdentity`)).status).toBe(403);
  });

  test('a body that was changed on the way does not match its signature', async () => {
    const client = new STSClient(config());
    client.middlewareStack.add(
      (next) => async (args) => {
        if (typeof args.request === 'object' && args.request !== null)
          Reflect.set(args.request, 'body', 'Version=2011-06-15&Action=GetCallerIdentity');
        return next(args);
      },
      { step: 'deserialize', name: 'tamper', priority: 'low' },
    );
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });
});

describe('lists', () => {
  test('every page to the end holds what was generated, whatever the size of the pages', async () => {
    const volumes = [];
    for await (const page of paginateDescribeVolumes({ client: new EC2Client(config()), pageSize: 7 }, {})) {
      volumes.push(...(page.Volumes ?? []));
    }
    expect(new Set(volumes.map((one) => one.VolumeId)).size).toBe(ofMain('ebs_volume', 'us-east-1'));
    const tables = [];
    for await (const page of paginateListTables({ client: new DynamoDBClient(config()), pageSize: 2 }, {})) {
      tables.push(...(page.TableNames ?? []));
    }
    expect(new Set(tables).size).toBe(ofMain('dynamodb_table', 'us-east-1'));
  });

  test('Lambda answers 50 a page, however many are asked for', async () => {
    const sizes: number[] = [];
    for await (const page of paginateListFunctions({ client: new LambdaClient(config()), pageSize: 1000 }, {})) {
      sizes.push(page.Functions?.length ?? 0);
    }
    expect(sizes).toEqual([50, ofMain('lambda_function', 'us-east-1') - 50]);
  });

  test('only a paged list of buckets says where they are', async () => {
    const client = new S3Client(config());
    const all = await client.send(new ListBucketsCommand({}));
    expect(all.Buckets?.every((bucket) => bucket.BucketRegion === undefined)).toBe(true);
    const page = await client.send(new ListBucketsCommand({ MaxBuckets: 3 }));
    expect(page.Buckets).toHaveLength(3);
    expect(page.Buckets?.every((bucket) => bucket.BucketRegion !== undefined)).toBe(true);
    expect(page.ContinuationToken).toBeDefined();
  });

  test('a page size or token that the service does not take is an error', async () => {
    const client = new EC2Client(config());
    for (const input of [{ MaxResults: 4 }, { MaxResults: 1001 }, { NextToken: 'made-up' }]) {
      await expect(client.send(new DescribeVpcsCommand(input))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    }
  });

  test('images and snapshots of others are listed unless an owner is named, disabled images if they are asked for', async () => {
    const client = new EC2Client(config());
    const images = async (input: object) => (await client.send(new DescribeImagesCommand(input))).Images ?? [];
    const snapshots = async (input: object) => (await client.send(new DescribeSnapshotsCommand(input))).Snapshots ?? [];
    const states = (all: { State?: string | undefined }[]) => new Set(all.map((one) => one.State));
    const owners = (all: { OwnerId?: string | undefined }[]) => new Set(all.map((one) => one.OwnerId)).size;
    expect(owners(await images({}))).toBe(2);
    expect(owners(await images({ Owners: ['self'] }))).toBe(1);
    expect(states(await images({ Owners: ['self'] }))).toEqual(new Set(['available']));
    const all = await images({ Owners: ['self'], IncludeDisabled: true });
    expect(states(all)).toEqual(new Set(['available', 'disabled']));
    expect(all).toHaveLength(ofMain('ami', 'us-east-1'));
    expect(owners(await snapshots({ MaxResults: 1000 }))).toBe(2);
    expect(await snapshots({ OwnerIds: [MAIN_ACCOUNT.accountId] })).toHaveLength(ofMain('ebs_snapshot', 'us-east-1'));
    expect(owners(await snapshots({ OwnerIds: ['amazon'] }))).toBe(1);
  });

  test('lists take pages of their own sizes, and addresses none', async () => {
    const client = new EC2Client(config());
    const refused = async (answer: Promise<unknown>, name: string) =>
      expect(answer).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    await refused(client.send(new DescribeRouteTablesCommand({ MaxResults: 101 })), 'InvalidParameterValue');
    await refused(client.send(new DescribeLaunchTemplatesCommand({ MaxResults: 201 })), 'InvalidParameterValue');
    const elb = new ElasticLoadBalancingV2Client(config());
    await refused(elb.send(new DescribeLoadBalancersCommand({ PageSize: 401 })), 'ValidationError');
    const scaling = new AutoScalingClient(config());
    await refused(scaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 101 })), 'ValidationError');
    await refused(scaling.send(new DescribeAutoScalingGroupsCommand({ NextToken: 'x' })), 'InvalidNextToken');
    const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
    expect(Addresses).toHaveLength(ofMain('elastic_ip', 'us-east-1'));
  });

  test('two APIs that sign with one name are told apart by their version', async () => {
    const now = await new ElasticLoadBalancingV2Client(config()).send(new DescribeLoadBalancersCommand({}));
    expect(now.LoadBalancers).toHaveLength(ofMain('elbv2_load_balancer', 'us-east-1'));
    const classic = new ElasticLoadBalancingClient(config());
    const names: (string | undefined)[] = [];
    for await (const page of paginateClassicBalancers({ client: classic, pageSize: 1 }, {})) {
      names.push(...(page.LoadBalancerDescriptions ?? []).map((one) => one.LoadBalancerName));
    }
    expect(names).toEqual(['classic-0', 'classic-1']);
  });

  test('the same seed makes the same account, and another account another', async () => {
    const again = await startSampleAws();
    expect(again.inventory(MAIN_ACCOUNT.accountId)).toEqual(sample.inventory(MAIN_ACCOUNT.accountId));
    expect(again.inventory(EXAMPLE_ACCOUNT.accountId)).not.toEqual(sample.inventory(MAIN_ACCOUNT.accountId));
    await again.close();
  });
});

describe('knobs', () => {
  const vpcs = (region = 'eu-west-1') =>
    new EC2Client(config(region)).send(new DescribeVpcsCommand({ MaxResults: 1000 }));

  test('deny, throttle, down and unsupported answer in the words of the service, and only where they are set', async () => {
    sample.knobs({ deny: [{ service: 'ec2', region: 'eu-west-1' }] });
    await expect(vpcs()).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringContaining('ec2:DescribeVpcs'),
    });
    await expect(vpcs('us-east-1')).resolves.toBeDefined();
    sample.knobs({ deny: [], throttle: [{ service: 'ec2', first: 1 }] });
    await expect(vpcs()).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
    await expect(vpcs()).resolves.toBeDefined();
    sample.knobs({ throttle: [], down: [{ service: 'ec2' }] });
    await expect(vpcs()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    sample.knobs({ down: [], unsupported: [{ service: 'ec2' }] });
    await expect(vpcs()).rejects.toMatchObject({ name: 'OptInRequired' });
  });

  test('size, drop and add change what there is', async () => {
    const count = async () => (await vpcs()).Vpcs?.length ?? 0;
    const before = await count();
    sample.knobs({ drop: [{ type: 'vpc', region: 'eu-west-1', index: 1 }] });
    expect(await count()).toBe(before - 1);
    sample.knobs({ drop: [], add: [{ type: 'vpc', region: 'eu-west-1', count: 3 }] });
    expect(await count()).toBe(before + 3);
    sample.knobs({ add: [], size: 10 });
    expect(await count()).toBe(1 + (before - 1) * 10);
  });

  test('regions are those that are told, for the list of them and for who may call', async () => {
    sample.knobs({ regions: ['us-east-1', 'eu-west-1'] });
    const answer = await new EC2Client(config()).send(new DescribeRegionsCommand({}));
    expect(answer.Regions?.map((one) => one.RegionName)).toEqual(['us-east-1', 'eu-west-1']);
    await expect(vpcs('us-west-2')).rejects.toMatchObject({ name: 'AuthFailure' });
    await expect(vpcs('eu-west-1')).resolves.toBeDefined();
    expect(Object.keys(sample.counts(MAIN_ACCOUNT.accountId).vpc ?? {})).toEqual(['us-east-1', 'eu-west-1']);
  });

  test('token buckets throttle what comes faster than they fill, each service and region by itself', async () => {
    sample.knobs({ buckets: { ec2: { burst: 3, perSecond: 0.001 } } });
    for (let n = 0; n < 3; n += 1) await vpcs();
    await expect(vpcs()).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
    await expect(vpcs('us-east-1')).resolves.toBeDefined();
    sample.knobs({ buckets: 'documented' });
    await expect(vpcs()).resolves.toBeDefined();
  });

  test('change alters one attribute of those it is about, the same ones each time, and another turn again', async () => {
    const lambda = new LambdaClient(config('eu-west-1'));
    const sizes = async () => (await lambda.send(new ListFunctionsCommand({}))).Functions?.map((one) => one.CodeSize);
    const changed = async (change: Knobs['change']) => {
      const before = await sizes();
      sample.knobs({ change });
      return (await sizes())?.flatMap((size, n) => (size === before?.[n] ? [] : [n]));
    };
    const type = 'lambda_function';
    expect(await changed([{ type, region: 'eu-west-1', index: 2 }])).toEqual([2]);
    expect(await changed([{ type, count: 3, turn: 2 }])).toEqual([0, 1, 2]);
    expect(await changed([])).toEqual([0, 1, 2]);
    expect(await changed([{ share: 1 }])).toHaveLength(12);
    sample.knobs({ change: [] });
    const some = await changed([{ share: 0.5 }]);
    sample.knobs({ change: [] });
    expect(await changed([{ share: 0.5, turn: 3 }])).toEqual(some);
  });

  test('they can be turned over HTTP, and one that is not known is refused', async () => {
    const turn = (body: object) => fetch(`${sample.url}/_sample/knobs`, { method: 'POST', body: JSON.stringify(body) });
    expect((await turn({ latencyMs: 1 })).status).toBe(200);
    expect(await (await fetch(`${sample.url}/_sample/knobs`)).json()).toMatchObject({ latencyMs: 1, size: 1 });
    expect((await turn({ unknown: 1 })).status).toBe(400);
  });

  test('a call that it does not know is an error and is remembered', async () => {
    const { DescribeKeyPairsCommand } = await import('@aws-sdk/client-ec2');
    await expect(new EC2Client(config()).send(new DescribeKeyPairsCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
    });
    expect(sample.unknownCalls().join()).toContain('DescribeKeyPairs');
  });
});
