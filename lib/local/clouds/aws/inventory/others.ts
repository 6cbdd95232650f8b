import type { DistributionSummary } from '@aws-sdk/client-cloudfront';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Bucket } from '@aws-sdk/client-s3';
import { CANARY, ENABLED_REGIONS } from '../accounts.ts';
import { business, byBusiness, type Kind } from './kind.ts';

export const functions: Kind<FunctionConfiguration> = {
  name: 'lambda_function',
  global: false,
  // More than one page of 50 in the busiest region.
  count: (region) => ({ fixed: 0, growing: region === 'us-east-1' ? 60 : ([0, 0, 4, 12][business(region)] ?? 0) }),
  make({ account, region, index, random }) {
    const name = `function-${index}-${random.hex(4)}`;
    const arn = `arn:aws:lambda:${region}:${account.accountId}:function:${name}`;
    const item: FunctionConfiguration = {
      FunctionName: name,
      FunctionArn: arn,
      Runtime: random.pick('nodejs24.x', 'python3.14', 'java21'),
      Role: `arn:aws:iam::${account.accountId}:role/lambda`,
      Handler: 'index.handler',
      CodeSize: random.below(5_000_000),
      Description: CANARY,
      Timeout: random.pick(3, 30, 900),
      MemorySize: random.pick(128, 512, 1024),
      LastModified: random.date().toISOString().replace('Z', '+0000'),
      Version: '$LATEST',
      PackageType: 'Zip',
      Architectures: ['arm64'],
      Environment: { Variables: { DATABASE_PASSWORD: CANARY } },
      TracingConfig: { Mode: 'PassThrough' },
    };
    return { type: 'lambda_function', arn, item };
  },
  alter: (item, turn) => ({ ...item, CodeSize: (item.CodeSize ?? 0) + turn }),
};

export const tables: Kind<TableDescription> = {
  name: 'dynamodb_table',
  global: false,
  count: byBusiness([0, 0, 2, 6]),
  make({ account, region, index, random }) {
    const name = `table-${String(index).padStart(5, '0')}-${random.hex(4)}`;
    const arn = `arn:aws:dynamodb:${region}:${account.accountId}:table/${name}`;
    const item: TableDescription = {
      TableName: name,
      TableArn: arn,
      TableId: random.hex(32),
      TableStatus: 'ACTIVE',
      CreationDateTime: random.date(),
      ItemCount: random.below(1_000_000),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      DeletionProtectionEnabled: random.chance(0.4),
      ...(random.chance(0.3)
        ? {
            SSEDescription: {
              Status: 'ENABLED',
              SSEType: 'KMS',
              KMSMasterKeyArn: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}`,
            },
          }
        : {}),
    };
    return { type: 'dynamodb_table', arn, item };
  },
  alter: (item, turn) => ({ ...item, GlobalSecondaryIndexes: [{ IndexName: `index-${turn}` }] }),
};

export const buckets: Kind<Bucket> = {
  name: 's3_bucket',
  global: true,
  count: () => ({ fixed: 0, growing: 14 }),
  make({ account, index, random }) {
    const name = `sample-${account.accountId}-${String(index).padStart(5, '0')}-${random.hex(4)}`;
    const item: Bucket = {
      Name: name,
      CreationDate: random.date(),
      BucketRegion:
        index % 3 === 0 ? 'us-east-1' : (ENABLED_REGIONS[random.below(ENABLED_REGIONS.length)] ?? 'us-east-1'),
    };
    return { type: 's3_bucket', arn: `arn:aws:s3:::${name}`, item };
  },
  // AWS's own date moves when a bucket's settings change.
  alter: (item, turn) => ({ ...item, CreationDate: new Date(Date.UTC(2026, 0, turn)) }),
};

export const distributions: Kind<DistributionSummary> = {
  name: 'cloudfront_distribution',
  global: true,
  count: () => ({ fixed: 0, growing: 3 }),
  make({ account, index, random }) {
    const id = `E${random.hex(13).toUpperCase()}`;
    const arn = `arn:aws:cloudfront::${account.accountId}:distribution/${id}`;
    const item: DistributionSummary = {
      Id: id,
      ARN: arn,
      ETag: random.hex(8),
      Status: 'Deployed',
      LastModifiedTime: random.date(),
      DomainName: `d${random.hex(13)}.cloudfront.net`,
      Aliases: index === 0 ? { Quantity: 1, Items: ['www.example.com'] } : { Quantity: 0, Items: [] },
      Origins: {
        Quantity: 1,
        Items: [
          {
            Id: 'origin',
            DomainName: 'bucket.s3.amazonaws.com',
            CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'x-key', HeaderValue: CANARY }] },
          },
        ],
      },
      DefaultCacheBehavior: {
        TargetOriginId: 'origin',
        ViewerProtocolPolicy: random.pick('redirect-to-https', 'allow-all'),
      },
      CacheBehaviors: { Quantity: 0 },
      CustomErrorResponses: { Quantity: 0 },
      Comment: CANARY,
      PriceClass: 'PriceClass_All',
      Enabled: index !== 1,
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
      Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
      WebACLId: '',
      HttpVersion: 'http2',
      IsIPV6Enabled: true,
      Staging: false,
    };
    return { type: 'cloudfront_distribution', arn, item };
  },
  alter: (item, turn) => ({ ...item, WebACLId: `acl-${turn}` }),
};
