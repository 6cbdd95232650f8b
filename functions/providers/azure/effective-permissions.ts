import * as z from 'zod';
import type { Failure, Unanswered } from '../../domain/cloud.ts';
import type { AzureClient } from './clients.ts';
import { nextPath } from './next-link.ts';
import { answerOf, LoopError } from './outcomes.ts';
import { nameOf, TYPES } from './types/names.ts';

/** @see https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group?view=rest-authorization-2022-04-01 */
const pageSchema = z.object({
  value: z.array(z.object({ actions: z.array(z.string()).default([]), notActions: z.array(z.string()).default([]) })),
  nextLink: z.string().nullish(),
});
/** What one role gives. What another takes away by `notActions` is not taken from this one. */
export interface Grant {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Far more than roles that can be given at one subscription to one principal. */
const MOST_PAGES = 50;

/** What the principal may do at the subscription, by all its roles there and above. @throws LoopError, UnsafeHostError */
export async function grantsOf(client: AzureClient, subscription: string): Promise<readonly Grant[]> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Authorization/permissions`;
  const grants: Grant[] = [];
  const asked = new Set<string>();
  let next: string | undefined = `${path}?api-version=2022-04-01`;
  while (next !== undefined) {
    if (asked.has(next) || asked.size === MOST_PAGES) throw new LoopError();
    asked.add(next);
    const text: string = await client.call({ method: 'GET', path: next, quota: 'authorization' });
    const page = answerOf(pageSchema, text);
    grants.push(...page.value);
    next = page.nextLink ? nextPath(page.nextLink, path) : undefined;
  }
  return grants;
}

/** A pattern of Azure's as it matches an action: in any case, `*` standing for anything, slashes too. */
const matches = (pattern: string, action: string): boolean => {
  const parts = pattern.toLowerCase().split('*');
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&')).join('.*')}$`).test(
    action.toLowerCase(),
  );
};

/** Whether some role gives an action. */
export const isGranted = (grants: readonly Grant[], action: string): boolean =>
  grants.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action)),
  );

const readsAll = (pattern: string): boolean => pattern === '*' || pattern.toLowerCase() === '*/read';

/** Whether an exception can be about reads of types that it does not name: it ends in a wildcard. */
const takesReads = (pattern: string): boolean => pattern.split('/').at(-1)?.includes('*') === true;

const SINGLE_READ = /^([^*]+\/[^*]+)\/read$/i;

const denied = (permission: string): Failure => ({
  outcome: 'denied',
  code: 'AuthorizationFailed',
  permission,
  deniedBy: 'identity',
  retryable: false,
});

/**
 * The types of which Resource Graph shows nothing, or not all, since it leaves out what the principal may not read at
 * the subscription. Types that nobody can name are answered only where a role reads everything; what one reads of a
 * single resource group is not known to be all there is. Deny assignments are not among what Azure tells.
 */
export function unansweredBy(grants: readonly Grant[]): Unanswered | undefined {
  const types: Record<string, Failure> = {};
  const answered: string[] = [];
  for (const [armType, name] of Object.entries(TYPES)) {
    const action = `${armType}/read`;
    if (isGranted(grants, action)) answered.push(name);
    else types[name] = denied(action);
  }
  const full = grants.find((grant) => grant.actions.some(readsAll) && !grant.notActions.some(takesReads));
  for (const pattern of full?.notActions ?? []) {
    const armType = SINGLE_READ.exec(pattern)?.[1];
    if (armType !== undefined && !isGranted(grants, pattern)) types[nameOf(armType)] ??= denied(pattern);
  }
  if (full === undefined) return { types, others: { answered, failure: denied('*/read') } };
  return Object.keys(types).length === 0 ? undefined : { types };
}
