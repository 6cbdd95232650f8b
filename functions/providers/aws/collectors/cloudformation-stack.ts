import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'cloudformation_stack',
  service: 'cloudformation',
  scope: 'region',
  types: ['cloudformation_stack'],
  permissions: ['cloudformation:DescribeStacks'],
} as const satisfies CollectorFacts;

const SETTLED = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/**
 * The call takes no page size. Parameters, outputs and the description are not named here, so they never get further.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    StackId: z.string(),
    StackName: z.string(),
    StackStatus: z.string().optional(),
    CreationTime: z.date().optional(),
    LastUpdatedTime: z.date().optional(),
    EnableTerminationProtection: z.boolean().optional(),
    DriftInformation: z.object({ StackDriftStatus: z.string().optional() }).optional(),
    Capabilities: z.array(z.string()).optional(),
    ParentId: z.string().optional(),
    RoleARN: z.string().optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const answer = await aws.client(CloudFormationClient).send(new DescribeStacksCommand({ NextToken: token }));
    return { items: answer.Stacks, next: answer.NextToken };
  },
  toResource: (item, { region }) => ({
    external_id: item.StackId,
    name: item.StackName,
    region,
    status: SETTLED.has(item.StackStatus ?? '') ? 'active' : (item.StackStatus ?? 'unknown').toLowerCase(),
    tags: tagsOf(item.Tags),
    ...time(item.CreationTime),
    configuration: fields({
      last_updated: item.LastUpdatedTime?.toISOString(),
      drift: item.DriftInformation?.StackDriftStatus?.toLowerCase() ?? 'unknown',
      termination_protection: known(item.EnableTerminationProtection),
      capabilities: item.Capabilities,
      parent: item.ParentId,
      role: item.RoleARN,
    }),
  }),
}));
