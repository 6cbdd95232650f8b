import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'log_group',
  service: 'logs',
  scope: 'region',
  types: ['log_group'],
  permissions: ['logs:DescribeLogGroups'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    arn: z.string(),
    logGroupName: z.string(),
    creationTime: z.number().optional(),
    retentionInDays: z.number().optional(),
    kmsKeyId: z.string().optional(),
    logGroupClass: z.string().optional(),
    dataProtectionStatus: z.string().optional(),
    deletionProtectionEnabled: z.boolean().optional(),
  }),
  async page(aws, token) {
    const command = new DescribeLogGroupsCommand({ limit: 50, nextToken: token });
    const answer = await aws.client(CloudWatchLogsClient).send(command);
    return { items: answer.logGroups, next: answer.nextToken };
  },
  toResource: (item, { region }) => ({
    // This form of the ARN stands for the streams inside too, and ends in `:*`.
    external_id: item.arn.replace(/:\*$/, ''),
    name: item.logGroupName,
    region,
    status: 'active',
    tags: {},
    ...time(item.creationTime === undefined ? undefined : new Date(item.creationTime)),
    configuration: fields({
      // Every group is encrypted; without a key it is the service's own.
      encrypted: 'yes',
      encryption_key: item.kmsKeyId ?? 'aws-owned',
      // A group that names no number of days keeps its events for ever, as its API says.
      retention_days: item.retentionInDays ?? 'never expires',
      log_class: item.logGroupClass,
      data_protection: item.dataProtectionStatus,
      deletion_protection: known(item.deletionProtectionEnabled),
    }),
  }),
}));
