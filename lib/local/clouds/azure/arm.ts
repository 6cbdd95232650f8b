import type { IncomingHttpHeaders } from 'node:http';
import type { SamplePrincipal } from './accounts.ts';
import { armRefusal, json, type Written } from './answers.ts';
import { costAnswer, costPage, costsThrottled } from './cost-management.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Knobs } from './knobs.ts';
import { graphAnswer, graphPage, graphThrottled } from './resource-graph.ts';
import { allows, rolesOf } from './roles.ts';

/** A call of Azure Resource Manager whose token is good. */
export interface ArmRequest {
  readonly principal: SamplePrincipal;
  readonly knobs: Knobs;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly inventory: Inventory;
  /** Whether it gives the same next token for ever. */
  readonly loops: boolean;
  /** Whether it does not know its own token any more; asking uses it up. */
  readonly expired: () => boolean;
  /** Told of what no sample knows. */
  readonly unknown: (call: string) => void;
}

/** One operation that the sample knows. */
export interface ArmOperation {
  readonly service: string;
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly version: string;
  /** What a role must allow; undefined: it asks nothing, and shows nothing. */
  readonly action?: string;
  page(request: Pick<ArmRequest, 'body' | 'query'>): number;
  throttled(headers: Readonly<Record<string, string>>): Error;
  answer(request: ArmRequest): Written;
}

const retryLater = () =>
  armRefusal(429, 'TooManyRequests', 'The request is being throttled as the limit has been reached.', {
    headers: { 'retry-after': '1' },
  });
const SUBSCRIPTION = '/subscriptions/([^/]+)';

/** REGISTRY: every call of Azure Resource Manager that the sample answers. */
export const operations: readonly ArmOperation[] = [
  {
    service: 'subscriptions',
    operation: 'get',
    method: 'GET',
    path: new RegExp(`^${SUBSCRIPTION}$`, 'i'),
    version: '2022-12-01',
    action: 'Microsoft.Resources/subscriptions/read',
    page: () => 1,
    throttled: retryLater,
    answer: ({ principal }) =>
      json(200, {
        id: `/subscriptions/${principal.subscriptionId}`,
        authorizationSource: 'RoleBased',
        managedByTenants: [],
        subscriptionId: principal.subscriptionId,
        tenantId: principal.tenantId,
        displayName: principal.subscriptionName,
        state: 'Enabled',
        subscriptionPolicies: {
          locationPlacementId: 'Public_2014-09-01',
          quotaId: 'PayAsYouGo_2014-09-01',
          spendingLimit: 'Off',
        },
      }),
  },
  {
    service: 'authorization',
    operation: 'permissions',
    method: 'GET',
    path: new RegExp(`^${SUBSCRIPTION}/providers/Microsoft\\.Authorization/permissions$`, 'i'),
    version: '2022-04-01',
    action: 'Microsoft.Authorization/permissions/read',
    page: ({ query }) => Number(query.get('$skiptoken') ?? 0) + 1,
    throttled: retryLater,
    answer: ({ knobs, query, path, loops }) => {
      const all = rolesOf(knobs);
      const at = Number(query.get('$skiptoken') ?? 0);
      const next = `https://${knobs.linkHost ?? 'management.azure.com'}${path}?api-version=2022-04-01&$skiptoken=${loops ? at : at + 1}`;
      // Two roles a page, so that a handful has several.
      const more = loops || at * 2 + 2 < all.length || knobs.linkHost !== undefined;
      const value = all.slice(at * 2, at * 2 + 2).map((role) => ({ ...role, dataActions: [], notDataActions: [] }));
      return json(200, { value, ...(more ? { nextLink: next } : {}) });
    },
  },
  {
    service: 'resourcegraph',
    operation: 'resources',
    method: 'POST',
    path: /^\/providers\/Microsoft\.ResourceGraph\/resources$/i,
    version: '2022-10-01',
    page: ({ body }) => graphPage(body),
    throttled: graphThrottled,
    answer: graphAnswer,
  },
  {
    service: 'costmanagement',
    operation: 'query',
    method: 'POST',
    path: new RegExp(`^${SUBSCRIPTION}/providers/Microsoft\\.CostManagement/query$`, 'i'),
    version: '2023-11-01',
    action: 'Microsoft.CostManagement/query/read',
    page: ({ query }) => costPage(query),
    throttled: costsThrottled,
    answer: costAnswer,
  },
];

/** Whether the principal may make the call: its tenant's subscription, and a role there. @throws Refusal */
export function authorize(
  operation: ArmOperation,
  path: string,
  principal: SamplePrincipal,
  principals: readonly SamplePrincipal[],
  knobs: Knobs,
): void {
  const asked = operation.path.exec(path)?.[1]?.toLowerCase();
  if (asked !== undefined && asked !== principal.subscriptionId) {
    const owner = principals.find(({ subscriptionId }) => subscriptionId === asked);
    if (owner === undefined) {
      throw armRefusal(404, 'SubscriptionNotFound', `The subscription '${asked}' could not be found.`);
    }
    if (owner.tenantId !== principal.tenantId) {
      const [ours, theirs] = [principal.tenantId, owner.tenantId].map((tenant) => `https://sts.windows.net/${tenant}/`);
      const text = `The access token is from the wrong issuer '${ours}'. It must match the tenant '${theirs}' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${owner.tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`;
      const challenge = `Bearer authorization_uri="https://login.windows.net/${owner.tenantId}", error="invalid_token", error_description="The access token is from the wrong issuer. It must match the tenant associated with this subscription. Please use correct authority to get the token."`;
      throw armRefusal(401, 'InvalidAuthenticationTokenTenant', text, { headers: { 'www-authenticate': challenge } });
    }
    throw notAuthorized(principal, operation.action ?? '', asked);
  }
  if (operation.action !== undefined && !allows(knobs, operation.action)) {
    throw notAuthorized(principal, operation.action, principal.subscriptionId);
  }
}

/** Whoever has no role is told so in the same words, whether or not there is such a thing. */
export const notAuthorized = (principal: SamplePrincipal, action: string, subscription: string) =>
  armRefusal(
    403,
    'AuthorizationFailed',
    `The client '${principal.clientId}' with object id '${principal.clientId}' does not have authorization to perform action '${action}' over scope '/subscriptions/${subscription}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
