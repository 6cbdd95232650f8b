import { expect, test } from 'vitest';
import { SETTINGS, synthesized } from './synthesized.ts';

const template = synthesized();
const only = (type: string) => {
  const [one, ...more] = template.all(type);
  if (one === undefined || more.length > 0) throw new Error(`There is not exactly one ${type}.`);
  return one;
};

test('the table is kept, can be restored to any second, and cannot be deleted by mistake', () => {
  const table = only('AWS::DynamoDB::Table');
  expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(table.Properties).toMatchObject({
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  });
});

test('the due index is sparse and holds keys only', () => {
  expect(only('AWS::DynamoDB::Table').Properties).toMatchObject({
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'due_pk', KeyType: 'HASH' },
          { AttributeName: 'due_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
});

test('the key rotates, is kept, and its policy gives the account administration but no use', () => {
  const key = only('AWS::KMS::Key');
  expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  const [administration, ...use] = template.document(key.Properties.KeyPolicy);
  expect(administration?.Principal).toEqual({ AWS: 'arn:aws:iam::111111111111:root' });
  const usable = /Decrypt|Encrypt|GenerateDataKey|CreateGrant|Sign|GenerateMac|\*/;
  expect(administration?.Action.filter((action) => usable.test(action))).toEqual([]);
  expect(use.length).toBeGreaterThan(0);
});

test('who may use the key is the functions that create or read secrets, each through Secrets Manager', () => {
  const [, ...use] = template.document(only('AWS::KMS::Key').Properties.KeyPolicy);
  const users = [...template.functions.values()].filter(({ role }) =>
    template.statements(role).some(({ Action }) => Action.some((action) => action.startsWith('kms:'))),
  );
  expect(use.map(({ Principal }) => Principal).sort()).toEqual(users.map(({ role }) => ({ AWS: role })).sort());
  for (const { Condition, Action, Principal } of use) {
    expect(Condition).toEqual({
      StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' },
    });
    const user = users.find(({ role }) => JSON.stringify(Principal).includes(`"${role}"`));
    const creates = user?.name.startsWith('connect-') === true;
    expect(Action).toEqual(creates ? ['kms:GenerateDataKey', 'kms:Decrypt'] : ['kms:Decrypt']);
  }
});

test('the audit log is kept for 400 days and outlives the stack', () => {
  const groups = template.all('AWS::Logs::LogGroup').filter(({ Properties }) => Properties.RetentionInDays === 400);
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({ path: 'infraaudit-test/Data/AuditLog/Resource', DeletionPolicy: 'Retain' });
});

test('every log group has a retention, and every function one of its own', () => {
  const groups = template.all('AWS::Logs::LogGroup');
  for (const { Properties } of groups) expect(Properties.RetentionInDays).toBeGreaterThan(0);
  // Besides the functions': the audit log and the gateway's.
  expect(groups).toHaveLength(template.functions.size + 2);
});

test('nothing in the template is a token setting’s secret', () => {
  expect(JSON.stringify(synthesized(SETTINGS).raw)).not.toContain('SecretString');
  expect(template.all('AWS::SecretsManager::Secret')).toEqual([]);
});
