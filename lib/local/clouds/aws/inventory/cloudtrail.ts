import type { Trail } from '@aws-sdk/client-cloudtrail';
import { CANARY } from '../accounts.ts';
import type { Kind } from './kind.ts';

export const trails: Kind<Trail> = {
  name: 'cloudtrail_trail',
  global: false,
  count: (region) => ({ fixed: 0, growing: region === 'us-east-1' ? 2 : region === 'eu-west-1' ? 1 : 0 }),
  make({ account, region, index, random }) {
    const name = `trail-${index}`;
    const arn = `arn:aws:cloudtrail:${region}:${account.accountId}:trail/${name}`;
    const item: Trail = {
      Name: name,
      S3BucketName: `trail-${account.accountId}`,
      S3KeyPrefix: CANARY,
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: index === 0,
      HomeRegion: region,
      TrailARN: arn,
      LogFileValidationEnabled: random.chance(0.7),
      ...(random.chance(0.5)
        ? { CloudWatchLogsLogGroupArn: `arn:aws:logs:${region}:${account.accountId}:log-group:trail:*` }
        : {}),
      ...(random.chance(0.5) ? { KmsKeyId: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}` } : {}),
      HasCustomEventSelectors: random.chance(0.3),
      HasInsightSelectors: false,
      IsOrganizationTrail: false,
    };
    return { type: 'cloudtrail_trail', arn, item };
  },
  alter: (item, turn) => ({ ...item, S3BucketName: `trail-${turn}` }),
};
