import type { Stack } from '@aws-sdk/client-cloudformation';
import { CANARY } from '../accounts.ts';
import { altered, byBusiness, type Kind, tagsFor } from './kind.ts';

export const stacks: Kind<Stack> = {
  name: 'cloudformation_stack',
  global: false,
  count: byBusiness([0, 1, 5, 22]),
  make({ account, region, index, random }) {
    const name = `stack-${index}`;
    const arn = `arn:aws:cloudformation:${region}:${account.accountId}:stack/${name}/${random.hex(32)}`;
    const created = random.date();
    const item: Stack = {
      StackId: arn,
      StackName: name,
      Description: CANARY,
      Parameters: [{ ParameterKey: 'DatabasePassword', ParameterValue: CANARY }],
      Outputs: [{ OutputKey: 'Token', OutputValue: CANARY, Description: CANARY }],
      CreationTime: created,
      LastUpdatedTime: created,
      StackStatus: index % 9 === 4 ? 'ROLLBACK_COMPLETE' : random.pick('CREATE_COMPLETE', 'UPDATE_COMPLETE'),
      StackStatusReason: CANARY,
      DisableRollback: false,
      EnableTerminationProtection: random.chance(0.4),
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
      Capabilities: random.chance(0.5) ? ['CAPABILITY_IAM'] : [],
      RoleARN: `arn:aws:iam::${account.accountId}:role/deploy`,
      // CloudFormation wants a value in each.
      Tags: tagsFor(random, undefined).filter(({ Value }) => Value !== ''),
    };
    return { type: 'cloudformation_stack', arn, item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};
