import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { idOf } from './ec2-ids.ts';
import { byBusiness, type Kind, tagsFor } from './kind.ts';

export const scalingGroups: Kind<AutoScalingGroup> = {
  name: 'auto_scaling_group',
  global: false,
  count: byBusiness([0, 0, 1, 3]),
  make(making) {
    const { account, index, random, region } = making;
    const name = `group-${index}`;
    const arn = `arn:aws:autoscaling:${region}:${account.accountId}:autoScalingGroup:${random.hex(8)}-${random.hex(4)}:autoScalingGroupName/${name}`;
    const template = {
      LaunchTemplateId: idOf(making, 'lt', index),
      LaunchTemplateName: `template-${index}`,
      Version: '$Latest',
    };
    const item: AutoScalingGroup = {
      AutoScalingGroupName: name,
      AutoScalingGroupARN: arn,
      // By a launch template, by one with several kinds of instances, or by a launch configuration.
      ...(index % 3 === 0
        ? { LaunchTemplate: template }
        : index % 3 === 1
          ? { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: template } } }
          : { LaunchConfigurationName: `configuration-${index}` }),
      MinSize: 1,
      MaxSize: random.pick(3, 10),
      DesiredCapacity: 2,
      DefaultCooldown: 300,
      AvailabilityZones: [`${region}a`, `${region}b`],
      VPCZoneIdentifier: [idOf(making, 'subnet', 0), idOf(making, 'subnet', 1)].join(','),
      HealthCheckType: random.pick('EC2', 'ELB'),
      HealthCheckGracePeriod: 300,
      Instances: [0, 1].map((n) => ({
        InstanceId: idOf(making, 'i', index * 2 + n),
        AvailabilityZone: `${region}a`,
        LifecycleState: 'InService',
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: false,
      })),
      CreatedTime: random.date(),
      ...(index % 5 === 4 ? { Status: 'Delete in progress' } : {}),
      NewInstancesProtectedFromScaleIn: random.chance(0.2),
      Tags: tagsFor(random, undefined).map((tag) => ({
        ...tag,
        ResourceId: name,
        ResourceType: 'auto-scaling-group',
        PropagateAtLaunch: true,
      })),
    };
    return { type: 'auto_scaling_group', arn, item };
  },
  alter: (item, turn) => ({ ...item, MaxSize: (item.MaxSize ?? 0) + turn }),
};
