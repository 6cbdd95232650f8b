import * as z from 'zod';
import type { CostFacts } from '../../domain/cost-source.ts';
import type { CloudFacts, PermissionsDocument } from '../contract.ts';
import * as registered from './collectors/registered.ts';
import { REGIONS_PERMISSION } from './regions.ts';

const collectors = Object.values(registered);

/**
 * Cost Explorer. A month's days may change until its bill is final, some days into the next: the whole of it is read each
 * time, which is one page for most accounts, as a single day would be.
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/ce-what-is.html
 */
export const costFacts = {
  name: 'cost_explorer',
  service: 'ce',
  permissions: ['ce:GetCostAndUsage'],
  firstDays: 90,
  openDays: 7,
  openMonth: true,
  charged: 'calls',
  // Any days that are open at a time in one query.
  atATime: 62,
} as const satisfies CostFacts;

/**
 * The policy that a customer attaches to the user whose key is given. Every action only lists or describes, and AWS
 * knows no narrower resource than `*` for most of them. `sts:GetCallerIdentity` needs no permission.
 */
function permissions(): PermissionsDocument {
  const actions = [REGIONS_PERMISSION, ...collectors.flatMap((one) => one.permissions), ...costFacts.permissions];
  const sorted = [...new Set<string>(actions)].sort();
  return {
    format: 'aws-iam-policy',
    permissions: sorted,
    document: {
      Version: '2012-10-17',
      Statement: [{ Sid: 'InfraAuditRead', Effect: 'Allow', Action: sorted, Resource: '*' }],
    },
    howTo: [
      'aws iam create-policy --policy-name InfraAuditRead --policy-document file://policy.json',
      'aws iam create-user --user-name infraaudit',
      'aws iam attach-user-policy --user-name infraaudit --policy-arn arn:aws:iam::ACCOUNT:policy/InfraAuditRead',
      'aws iam create-access-key --user-name infraaudit',
    ],
  };
}

/** AWS as it is known without its SDK. The access-key pair is one form of credentials; roles will be another. */
export const awsFacts = {
  name: 'aws',
  body: z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), region: z.string() }),
  secretFields: ['secretAccessKey'],
  collectors,
  costs: costFacts,
  permissions,
} as const satisfies CloudFacts;
