import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { byBusiness, type Kind } from './kind.ts';

export const logGroups: Kind<LogGroup> = {
  name: 'log_group',
  global: false,
  // More than one page of 50 in the busiest regions.
  count: byBusiness([0, 1, 12, 70]),
  make({ account, region, index, random }) {
    const name = `/aws/lambda/function-${String(index).padStart(5, '0')}-${random.hex(4)}`;
    const arn = `arn:aws:logs:${region}:${account.accountId}:log-group:${name}`;
    const item: LogGroup = {
      logGroupName: name,
      creationTime: random.date().getTime(),
      ...(random.chance(0.6) ? { retentionInDays: random.pick(7, 30, 400) } : {}),
      metricFilterCount: 0,
      arn: `${arn}:*`,
      logGroupArn: arn,
      storedBytes: random.below(1_000_000_000),
      ...(random.chance(0.2) ? { kmsKeyId: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}` } : {}),
      logGroupClass: random.chance(0.1) ? 'INFREQUENT_ACCESS' : 'STANDARD',
      deletionProtectionEnabled: random.chance(0.1),
    };
    return { type: 'log_group', arn, item };
  },
  alter: (item, turn) => ({ ...item, retentionInDays: turn }),
};
