import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import type { Answer } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'ssm_parameter',
  service: 'ssm',
  scope: 'region',
  types: ['ssm_parameter'],
  permissions: ['ssm:DescribeParameters'],
} as const satisfies CollectorFacts;

/** By the type of a parameter: only secure strings are encrypted. */
const ENCRYPTED: Readonly<Record<string, Answer>> = { SecureString: 'yes', String: 'no', StringList: 'no' };

/** Metadata only: no call of ours reads a value. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    Name: z.string(),
    ARN: z.string().optional(),
    Type: z.string().optional(),
    KeyId: z.string().optional(),
    Tier: z.string().optional(),
    DataType: z.string().optional(),
    Version: z.number().optional(),
    LastModifiedDate: z.date().optional(),
  }),
  async page(aws, token) {
    const command = new DescribeParametersCommand({ MaxResults: 50, NextToken: token });
    const answer = await aws.client(SSMClient).send(command);
    return { items: answer.Parameters, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: item.ARN ?? `arn:${partition}:ssm:${region}:${account}:parameter/${item.Name.replace(/^\//, '')}`,
    name: item.Name,
    region,
    status: 'active',
    tags: {},
    configuration: fields({
      parameter_type: item.Type,
      encrypted: ENCRYPTED[item.Type ?? ''] ?? 'unknown',
      encryption_key: item.KeyId,
      tier: item.Tier,
      data_type: item.DataType,
      version: item.Version,
      last_modified: item.LastModifiedDate?.toISOString(),
    }),
  }),
}));
