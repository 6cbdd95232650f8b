import type { ParameterMetadata } from '@aws-sdk/client-ssm';
import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind } from './kind.ts';

export const parameters: Kind<ParameterMetadata> = {
  name: 'ssm_parameter',
  global: false,
  count: byBusiness([0, 0, 4, 20]),
  make({ account, region, index, random }) {
    const name = index % 2 === 0 ? `/app/parameter-${index}` : `parameter-${index}`;
    const arn = `arn:aws:ssm:${region}:${account.accountId}:parameter/${name.replace(/^\//, '')}`;
    const type = random.pick('String', 'StringList', 'SecureString');
    const item: ParameterMetadata = {
      Name: name,
      ARN: arn,
      Type: type,
      ...(type === 'SecureString' ? { KeyId: 'alias/aws/ssm' } : {}),
      LastModifiedDate: random.date(),
      LastModifiedUser: `arn:aws:iam::${account.accountId}:user/deploy`,
      Description: CANARY,
      AllowedPattern: CANARY,
      Version: 1 + random.below(20),
      Tier: 'Standard',
      Policies: [{ PolicyText: CANARY, PolicyType: 'Expiration', PolicyStatus: 'Pending' }],
      DataType: 'text',
    };
    return { type: 'ssm_parameter', arn, item };
  },
  alter: (item, turn) => ({ ...item, Version: (item.Version ?? 0) + turn }),
};
