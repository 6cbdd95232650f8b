import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'cloudtrail_trail',
  service: 'cloudtrail',
  scope: 'region',
  types: ['cloudtrail_trail'],
  permissions: ['cloudtrail:DescribeTrails'],
} as const satisfies CollectorFacts;

/** One answer holds them all. @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    TrailARN: z.string(),
    Name: z.string().optional(),
    S3BucketName: z.string().optional(),
    IsMultiRegionTrail: z.boolean().optional(),
    IsOrganizationTrail: z.boolean().optional(),
    IncludeGlobalServiceEvents: z.boolean().optional(),
    LogFileValidationEnabled: z.boolean().optional(),
    HasCustomEventSelectors: z.boolean().optional(),
    HasInsightSelectors: z.boolean().optional(),
    KmsKeyId: z.string().optional(),
    CloudWatchLogsLogGroupArn: z.string().optional(),
    SnsTopicARN: z.string().optional(),
  }),
  async page(aws) {
    // A trail of all regions is shown in the one that it was made in, and not again in every other.
    const command = new DescribeTrailsCommand({ includeShadowTrails: false });
    return { items: (await aws.client(CloudTrailClient).send(command)).trailList };
  },
  toResource: (item, { region }) => ({
    external_id: item.TrailARN,
    name: item.Name ?? item.TrailARN.slice(item.TrailARN.indexOf('/') + 1),
    region,
    // A trail can be switched off, and this call does not say.
    status: 'unknown',
    tags: {},
    configuration: fields({
      logging: 'unknown',
      logging_reason: 'the description of trails does not say',
      multi_region: known(item.IsMultiRegionTrail),
      organization: known(item.IsOrganizationTrail),
      global_service_events: known(item.IncludeGlobalServiceEvents),
      log_file_validation: known(item.LogFileValidationEnabled),
      custom_event_selectors: known(item.HasCustomEventSelectors),
      insights: known(item.HasInsightSelectors),
      // Log files are always encrypted; without a key by S3's own.
      encrypted: 'yes',
      encryption_key: item.KmsKeyId ?? 's3-managed',
      bucket: item.S3BucketName,
      log_group: item.CloudWatchLogsLogGroupArn,
      topic: item.SnsTopicARN,
    }),
  }),
}));
