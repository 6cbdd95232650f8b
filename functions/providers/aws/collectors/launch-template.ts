import { DescribeLaunchTemplatesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'launch_template',
  service: 'ec2',
  scope: 'region',
  types: ['launch_template'],
  permissions: ['ec2:DescribeLaunchTemplates'],
} as const satisfies CollectorFacts;

/**
 * What the versions hold is not asked for, since that is where user data is. 200 a page at most.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html
 */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    LaunchTemplateId: z.string(),
    LaunchTemplateName: z.string().optional(),
    CreateTime: z.date().optional(),
    CreatedBy: z.string().optional(),
    DefaultVersionNumber: z.number().optional(),
    LatestVersionNumber: z.number().optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeLaunchTemplatesCommand({ MaxResults: 200, NextToken: token });
    const answer = await aws.client(EC2Client).send(command);
    return { items: answer.LaunchTemplates, next: answer.NextToken };
  },
  toResource: (item, { account, partition, region }) => ({
    external_id: `arn:${partition}:ec2:${region}:${account}:launch-template/${item.LaunchTemplateId}`,
    name: item.LaunchTemplateName ?? item.LaunchTemplateId,
    region,
    status: 'active',
    tags: tagsOf(item.Tags),
    ...time(item.CreateTime),
    configuration: fields({
      default_version: item.DefaultVersionNumber,
      latest_version: item.LatestVersionNumber,
      created_by: item.CreatedBy,
    }),
  }),
}));
