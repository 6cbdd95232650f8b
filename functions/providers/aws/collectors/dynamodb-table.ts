import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'dynamodb_table',
  service: 'dynamodb',
  scope: 'region',
  types: ['dynamodb_table'],
  permissions: ['dynamodb:ListTables', 'dynamodb:DescribeTable'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    TableArn: z.string(),
    TableName: z.string(),
    TableStatus: z.string().optional(),
    CreationDateTime: z.date().optional(),
    DeletionProtectionEnabled: z.boolean().optional(),
    BillingModeSummary: z.object({ BillingMode: z.string().optional() }).optional(),
    SSEDescription: z.object({ SSEType: z.string().optional(), KMSMasterKeyArn: z.string().optional() }).optional(),
    StreamSpecification: z.object({ StreamEnabled: z.boolean().optional() }).optional(),
    TableClassSummary: z.object({ TableClass: z.string().optional() }).optional(),
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string().optional() })).optional(),
    Replicas: z.array(z.object({ RegionName: z.string().optional() })).optional(),
  }),
  async page(aws, token) {
    const command = new ListTablesCommand({ Limit: 100, ExclusiveStartTableName: token });
    const answer = await aws.client(DynamoDBClient).send(command);
    return { items: answer.TableNames, next: answer.LastEvaluatedTableName };
  },
  describe: {
    batch: 1,
    async call(aws, [name]) {
      try {
        const command = new DescribeTableCommand({ TableName: z.string().parse(name) });
        const answer = await aws.client(DynamoDBClient).send(command);
        return [answer.Table];
      } catch (error) {
        // Deleted between the list and this call: it is not there.
        if (error instanceof ResourceNotFoundException) return [];
        throw error;
      }
    },
  },
  toResource: (item, { region }) => ({
    external_id: item.TableArn,
    name: item.TableName,
    region,
    status: (item.TableStatus ?? 'unknown').toLowerCase(),
    tags: {},
    ...time(item.CreationDateTime),
    configuration: fields({
      // Every table is encrypted; without a description the key is DynamoDB's own.
      encrypted: 'yes',
      encryption_key: item.SSEDescription?.KMSMasterKeyArn ?? 'aws-owned',
      billing: item.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
      table_class: item.TableClassSummary?.TableClass ?? 'STANDARD',
      deletion_protection: known(item.DeletionProtectionEnabled),
      stream: item.StreamSpecification?.StreamEnabled === true ? 'yes' : 'no',
      indexes: (item.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName: name }) => (name === undefined ? [] : [name])),
      replicas: (item.Replicas ?? []).flatMap(({ RegionName: name }) => (name === undefined ? [] : [name])),
    }),
  }),
}));
