import type { KeyMetadata } from '@aws-sdk/client-kms';
import { CANARY } from '../accounts.ts';
import { byBusiness, type Kind, type Making } from './kind.ts';

/** A key's id begins with its index, so that one can be described by its id. */
const idOf = (index: number, { random }: Making): string =>
  `${index.toString(16).padStart(8, '0')}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`;

function made(making: Making, manager: 'AWS' | 'CUSTOMER') {
  const { account, region, index, random } = making;
  const id = idOf(index, making);
  const arn = `arn:aws:kms:${region}:${account.accountId}:key/${id}`;
  const state = manager === 'CUSTOMER' ? (['Enabled', 'Enabled', 'Disabled', 'PendingDeletion'][index % 4] ?? '') : '';
  const item: KeyMetadata = {
    AWSAccountId: account.accountId,
    KeyId: id,
    Arn: arn,
    CreationDate: random.date(),
    Enabled: state === 'Enabled' || manager === 'AWS',
    Description: CANARY,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: state === 'Disabled' || state === 'PendingDeletion' ? state : 'Enabled',
    ...(state === 'PendingDeletion' ? { DeletionDate: new Date(Date.UTC(2027, 0, 1)) } : {}),
    Origin: 'AWS_KMS',
    KeyManager: manager,
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: random.chance(0.1),
  };
  return { arn, item };
}

export const keys: Kind<KeyMetadata> = {
  name: 'kms_key',
  global: false,
  count: byBusiness([0, 0, 2, 6]),
  make: (making) => ({ type: 'kms_key', ...made(making, 'CUSTOMER') }),
  alter: (item, turn) => ({ ...item, DeletionDate: new Date(Date.UTC(2027, 0, turn)) }),
};

/** What services made for themselves: every list of keys holds them too. They are no part of the inventory. */
export const managedKeys: Kind<KeyMetadata> = {
  name: 'kms_managed_key',
  global: false,
  count: () => ({ fixed: 2, growing: 0 }),
  make: (making) => ({ type: 'kms_managed_key', ...made(making, 'AWS') }),
  alter: (item) => item,
};
