import * as z from 'zod';
import type { CostFacts } from '../../domain/cost-source.ts';
import type { CloudFacts, PermissionsDocument } from '../contract.ts';
import * as registered from './collectors/registered.ts';

const collectors = Object.values(registered);

/** What proving reads. @see https://learn.microsoft.com/rest/api/resources/subscriptions/get */
export const SUBSCRIPTION_PERMISSION = 'Microsoft.Resources/subscriptions/read';

/**
 * Cost Management's query: a POST, yet a read by its operation's name.
 * @see https://learn.microsoft.com/azure/role-based-access-control/permissions/management-and-governance#microsoftcostmanagement
 * @see https://learn.microsoft.com/azure/cost-management-billing/costs/understand-cost-mgmt-data (five days after a month)
 */
export const costFacts = {
  name: 'cost_management',
  service: 'costmanagement',
  permissions: ['Microsoft.CostManagement/query/read'],
  firstDays: 90,
  openDays: 5,
  openMonth: true,
} as const satisfies CostFacts;

/**
 * The role that a customer gives to the service principal at the subscription. Reading every type takes a read of every
 * type; the others are in that one, and stay in the list so that a narrower role can be made of it.
 */
function permissions(): PermissionsDocument {
  const actions = [SUBSCRIPTION_PERMISSION, ...collectors.flatMap((one) => one.permissions), ...costFacts.permissions];
  const sorted = [...new Set<string>(actions)].sort();
  return {
    format: 'azure-custom-role',
    permissions: sorted,
    document: {
      Name: 'InfraAudit Read',
      IsCustom: true,
      Description: 'Lets InfraAudit list resources and read costs. It can change nothing and reads no data.',
      Actions: sorted,
      NotActions: [],
      DataActions: [],
      NotDataActions: [],
      AssignableScopes: ['/subscriptions/SUBSCRIPTION'],
    },
    howTo: [
      'az role definition create --role-definition @role.json',
      'az ad sp create-for-rbac --name infraaudit --role "InfraAudit Read" --scopes /subscriptions/SUBSCRIPTION',
      'clientId is its appId, clientSecret its password, tenantId its tenant; the built-in role Reader holds as much.',
    ],
  };
}

/** Azure as it is known without its SDK. The client secret is one form of credentials; certificates may be another. */
export const azureFacts = {
  name: 'azure',
  body: z.strictObject({
    clientId: z.string(),
    clientSecret: z.string(),
    tenantId: z.string(),
    subscriptionId: z.string(),
  }),
  secretFields: ['clientSecret'],
  collectors,
  costs: costFacts,
  permissions,
} as const satisfies CloudFacts;
