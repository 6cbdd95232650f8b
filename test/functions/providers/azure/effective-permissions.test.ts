import { expect, test } from 'vitest';
import { type Grant, isGranted, unansweredBy } from '../../../../functions/providers/azure/effective-permissions.ts';
import { TYPES } from '../../../../functions/providers/azure/types/names.ts';

const grant = (actions: string[], notActions: string[] = []): Grant => ({ actions, notActions });
/** Built-in roles as Azure documents them. */
const OWNER = grant(['*']);
const READER = grant(['*/read']);
const CONTRIBUTOR = grant(
  ['*'],
  [
    'Microsoft.Authorization/*/Delete',
    'Microsoft.Authorization/*/Write',
    'Microsoft.Authorization/elevateAccess/Action',
    'Microsoft.Blueprint/blueprintAssignments/write',
    'Microsoft.Compute/galleries/share/action',
  ],
);

test('wildcards stand for anything, slashes too, in any case', () => {
  const rows: [string, string, boolean][] = [
    ['*', 'Microsoft.Compute/disks/read', true],
    ['*/read', 'microsoft.compute/disks/READ', true],
    ['*/read', 'Microsoft.Compute/disks/write', false],
    ['Microsoft.Compute/*/read', 'Microsoft.Compute/virtualMachines/extensions/read', true],
    ['Microsoft.Compute/*', 'Microsoft.Computer/disks/read', false],
    ['Microsoft.Compute/disks/read', 'Microsoft.Compute/disks/read/x', false],
    ['Microsoft.Sql/servers/read', 'MicrosoftxSql/servers/read', false],
  ];
  for (const [pattern, action, is] of rows) expect(isGranted([grant([pattern])], action), pattern).toBe(is);
});

test('roles that read everything leave nothing unanswered, exceptions about other things than reads or not', () => {
  for (const role of [OWNER, READER, CONTRIBUTOR]) expect(unansweredBy([role])).toBeUndefined();
});

test('what one role takes back another one still gives', () => {
  const narrow = grant(['*/read'], ['Microsoft.KeyVault/*']);
  expect(unansweredBy([narrow, READER])).toBeUndefined();
  expect(unansweredBy([narrow, grant(['Microsoft.KeyVault/vaults/read'])])?.types).toEqual({});
});

test('an exception with a wildcard makes unknown types unanswered; one of a single type only that one', () => {
  const wide = unansweredBy([grant(['*/read'], ['Microsoft.KeyVault/*'])]);
  expect(Object.keys(wide?.types ?? {})).toEqual(['azure_key_vault']);
  expect(wide?.others?.failure.permission).toBe('*/read');
  const single = unansweredBy([grant(['*/read'], ['Microsoft.Insights/components/read'])]);
  expect(single?.others).toBeUndefined();
  expect(single?.types.azure_insights_components?.permission).toBe('Microsoft.Insights/components/read');
});

test('no role at all answers nothing: every listed type is denied by its own read, all others by */read', () => {
  const none = unansweredBy([]);
  expect(Object.keys(none?.types ?? {}).sort()).toEqual(Object.values(TYPES).sort());
  expect(none?.types.azure_virtual_machine).toEqual({
    outcome: 'denied',
    code: 'AuthorizationFailed',
    permission: 'Microsoft.Compute/virtualMachines/read',
    deniedBy: 'identity',
    retryable: false,
  });
  expect(none?.others).toMatchObject({ answered: [], failure: { permission: '*/read' } });
});
