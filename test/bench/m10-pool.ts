import { parentPort, workerData } from 'node:worker_threads';
import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import { DescribeTableCommand, DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import {
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { IAMClient, paginateListRoles, paginateListUsers } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { paginateDescribeDBClusters, paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import { paginateListBuckets, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type PoolAnswer, poolOrder } from './m10-messages.ts';

// Entry of a thread with what one writes without us: 32 workers over the SDK's own clients and paginators, a task for
// each type in each region, items described one after another, nothing stored.

const WORKERS = 32;
const { url, regions, credentials } = poolOrder.parse(workerData);
const requestHandler = new NodeHttpHandler({ httpAgent: { maxSockets: 64, keepAlive: true } });
const config = (region: string) => ({ region, credentials, endpoint: url, requestHandler, forcePathStyle: true });

async function count<P>(pages: AsyncIterable<P>, itemsOf: (page: P) => readonly unknown[] | undefined) {
  let items = 0;
  for await (const page of pages) items += itemsOf(page)?.length ?? 0;
  return items;
}

function tasksIn(region: string): (() => Promise<number>)[] {
  const ec2 = new EC2Client(config(region));
  const rds = new RDSClient(config(region));
  const lambda = new LambdaClient(config(region));
  const dynamodb = new DynamoDBClient(config(region));
  const thousand = { MaxResults: 1000 };
  return [
    () => count(paginateDescribeVpcs({ client: ec2 }, thousand), (page) => page.Vpcs),
    () => count(paginateDescribeSubnets({ client: ec2 }, thousand), (page) => page.Subnets),
    () => count(paginateDescribeSecurityGroups({ client: ec2 }, thousand), (page) => page.SecurityGroups),
    () =>
      count(paginateDescribeInstances({ client: ec2 }, thousand), (page) =>
        page.Reservations?.flatMap((one) => one.Instances ?? []),
      ),
    () => count(paginateDescribeVolumes({ client: ec2 }, thousand), (page) => page.Volumes),
    () => count(paginateDescribeDBInstances({ client: rds }, { MaxRecords: 100 }), (page) => page.DBInstances),
    () => count(paginateDescribeDBClusters({ client: rds }, { MaxRecords: 100 }), (page) => page.DBClusters),
    () => count(paginateListFunctions({ client: lambda }, { MaxItems: 50 }), (page) => page.Functions),
    async () => {
      let tables = 0;
      for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, { Limit: 100 })) {
        for (const TableName of TableNames) {
          await dynamodb.send(new DescribeTableCommand({ TableName }));
          tables += 1;
        }
      }
      return tables;
    },
  ];
}

function globalTasks(): (() => Promise<number>)[] {
  const s3 = new S3Client(config('us-east-1'));
  const cloudfront = new CloudFrontClient(config('us-east-1'));
  const iam = new IAMClient(config('us-east-1'));
  return [
    () => count(paginateListBuckets({ client: s3 }, { MaxBuckets: 1000 }), (page) => page.Buckets),
    () =>
      count(
        paginateListDistributions({ client: cloudfront }, { MaxItems: 100 }),
        (page) => page.DistributionList?.Items,
      ),
    () => count(paginateListRoles({ client: iam }, { MaxItems: 1000 }), (page) => page.Roles),
    () => count(paginateListUsers({ client: iam }, { MaxItems: 1000 }), (page) => page.Users),
  ];
}

// Made once: a pool that is used again has its clients and connections.
const all = [...globalTasks(), ...regions.flatMap(tasksIn)];

async function run(): Promise<PoolAnswer> {
  const began = performance.now();
  const waiting = [...all];
  let resources = 0;
  const worker = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const found = await task();
      resources += found;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return { milliseconds: performance.now() - began, resources };
}

parentPort?.on('message', async () => parentPort?.postMessage(await run()));
