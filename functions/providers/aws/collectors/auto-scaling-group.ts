import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'auto_scaling_group',
  service: 'autoscaling',
  scope: 'region',
  types: ['auto_scaling_group'],
  permissions: ['autoscaling:DescribeAutoScalingGroups'],
} as const satisfies CollectorFacts;

const templateSchema = () => z.object({ LaunchTemplateId: z.string().optional() }).optional();
const mixedSchema = () =>
  z.object({ LaunchTemplate: z.object({ LaunchTemplateSpecification: templateSchema() }).optional() }).optional();

/** 100 a page at most. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    AutoScalingGroupARN: z.string(),
    AutoScalingGroupName: z.string(),
    Status: z.string().optional(),
    CreatedTime: z.date().optional(),
    MinSize: z.number().optional(),
    MaxSize: z.number().optional(),
    DesiredCapacity: z.number().optional(),
    HealthCheckType: z.string().optional(),
    LaunchConfigurationName: z.string().optional(),
    LaunchTemplate: templateSchema(),
    MixedInstancesPolicy: mixedSchema(),
    VPCZoneIdentifier: z.string().optional(),
    AvailabilityZones: z.array(z.string()).optional(),
    TargetGroupARNs: z.array(z.string()).optional(),
    NewInstancesProtectedFromScaleIn: z.boolean().optional(),
    Instances: z.array(z.object({ InstanceId: z.string().optional() })).optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new DescribeAutoScalingGroupsCommand({ MaxRecords: 100, NextToken: token });
    const answer = await aws.client(AutoScalingClient).send(command);
    return { items: answer.AutoScalingGroups, next: answer.NextToken };
  },
  toResource: ({ LaunchTemplate: template, MixedInstancesPolicy: mixed, ...item }, { region }) => ({
    external_id: item.AutoScalingGroupARN,
    name: item.AutoScalingGroupName,
    region,
    // There only while it is being deleted.
    status: item.Status?.toLowerCase() ?? 'active',
    tags: tagsOf(item.Tags),
    ...time(item.CreatedTime),
    configuration: fields({
      min_size: item.MinSize,
      max_size: item.MaxSize,
      desired: item.DesiredCapacity,
      instances: item.Instances?.length,
      launch_template: (template ?? mixed?.LaunchTemplate?.LaunchTemplateSpecification)?.LaunchTemplateId,
      launch_configuration: item.LaunchConfigurationName,
      subnets: (item.VPCZoneIdentifier ?? '').split(',').filter((id) => id !== ''),
      zones: item.AvailabilityZones ?? [],
      health_check: item.HealthCheckType,
      target_groups: item.TargetGroupARNs ?? [],
      scale_in_protected: known(item.NewInstancesProtectedFromScaleIn),
    }),
  }),
}));
