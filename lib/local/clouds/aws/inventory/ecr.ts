import type { Repository } from '@aws-sdk/client-ecr';
import { byBusiness, type Kind } from './kind.ts';

export const repositories: Kind<Repository> = {
  name: 'ecr_repository',
  global: false,
  count: byBusiness([0, 0, 3, 14]),
  make({ account, region, index, random }) {
    const name = `${random.pick('app', 'tools')}/image-${index}`;
    const arn = `arn:aws:ecr:${region}:${account.accountId}:repository/${name}`;
    const sealed = random.chance(0.3);
    const item: Repository = {
      repositoryArn: arn,
      registryId: account.accountId,
      repositoryName: name,
      repositoryUri: `${account.accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt: random.date(),
      imageTagMutability: random.pick('MUTABLE', 'IMMUTABLE'),
      imageScanningConfiguration: { scanOnPush: random.chance(0.6) },
      encryptionConfiguration: sealed
        ? { encryptionType: 'KMS', kmsKey: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}` }
        : { encryptionType: 'AES256' },
    };
    return { type: 'ecr_repository', arn, item };
  },
  alter: (item, turn) => ({ ...item, createdAt: new Date(Date.UTC(2026, 0, turn)) }),
};
