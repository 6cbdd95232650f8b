import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { CANARY } from '../accounts.ts';
import { altered, byBusiness, type Kind, tagsFor } from './kind.ts';

export const secrets: Kind<SecretListEntry> = {
  name: 'secretsmanager_secret',
  global: false,
  count: byBusiness([0, 0, 3, 10]),
  make({ account, region, index, random }) {
    const name = `app/secret-${index}`;
    const arn = `arn:aws:secretsmanager:${region}:${account.accountId}:secret:${name}-${random.hex(6)}`;
    const item: SecretListEntry = {
      ARN: arn,
      Name: name,
      Description: CANARY,
      ...(random.chance(0.4) ? { KmsKeyId: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}` } : {}),
      ...(random.chance(0.5)
        ? { RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 30 }, LastRotatedDate: random.date() }
        : {}),
      LastChangedDate: random.date(),
      LastAccessedDate: new Date(Date.UTC(2026, 0, 2)),
      CreatedDate: random.date(),
      SecretVersionsToStages: { [CANARY]: ['AWSCURRENT'] },
      Tags: tagsFor(random, undefined),
    };
    return { type: 'secretsmanager_secret', arn, item };
  },
  alter: (item, turn) => ({ ...item, Tags: altered(item.Tags, turn) }),
};
