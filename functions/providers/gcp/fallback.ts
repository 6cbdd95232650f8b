import type { ResourcePage, Unanswered } from '../../domain/cloud.ts';
import type { GoogleClient } from './clients.ts';
import { GoogleError, PageGoneError } from './google-error.ts';
import { bigquery } from './lists/bigquery.ts';
import { compute } from './lists/compute.ts';
import { container } from './lists/container.ts';
import type { List, Listed } from './lists/list.ts';
import { storage } from './lists/storage.ts';
import { classify } from './outcomes.ts';
import { type FallbackPlace, writePlace } from './page-token.ts';
import { type FallbackList, fallbackTypes } from './types.ts';

const ORDER = ['compute', 'storage', 'bigquery', 'container'] as const satisfies readonly FallbackList[];
const lists: Readonly<Record<FallbackList, List>> = { compute, storage, bigquery, container };

/** The inventory cannot be asked: what is listed instead begins with the next page. @param why Google's word for it */
export function instead(why: string): ResourcePage {
  const place = { at: ORDER[0], why } as const;
  return { resources: [], details: [], next: writePlace(place), unanswered: unansweredAt(place) };
}

/**
 * One page of the lists that stand in for the inventory, one list after another. A list that is refused for good is
 * passed over, and its type is not answered.
 */
export async function fallback(client: GoogleClient, project: string, place: FallbackPlace): Promise<ResourcePage> {
  const { type } = fallbackTypes[place.at];
  const { resources, next, refused } = await listed(client, project, place);
  const here = refused === undefined ? place : { ...place, refused: { ...place.refused, [type]: refused } };
  const following = ORDER[ORDER.indexOf(place.at) + 1];
  const { page: _, ...rest } = here;
  const then =
    next === undefined ? (following === undefined ? undefined : { ...rest, at: following }) : { ...rest, page: next };
  return {
    resources,
    details: [],
    next: then === undefined ? undefined : writePlace(then),
    unanswered: unansweredAt(here),
  };
}

/** @throws what may pass, and what concerns the key: the page is asked for again, or the scan has failed. */
async function listed(client: GoogleClient, project: string, { at, page }: FallbackPlace): Promise<Listed> {
  try {
    return await lists[at](client, project, page);
  } catch (error) {
    if (page !== undefined && error instanceof GoogleError && error.status === 400) {
      throw new PageGoneError('The page token is refused.');
    }
    const { outcome, code, permission, deniedBy, ...failure } = classify(error, {
      permissions: [fallbackTypes[at].permission],
    });
    const passes = failure.retryable || failure.restart === true || failure.credentialsRejected === true;
    if (passes || outcome === 'throttled') throw error;
    return { resources: [], next: undefined, refused: { outcome, code, permission, deniedBy } };
  }
}

/** All that is not answered, as far as is known here: each page says the whole of it. */
function unansweredAt({ why, refused = {} }: FallbackPlace): Unanswered {
  return {
    types: Object.fromEntries(Object.entries(refused).map(([type, one]) => [type, { ...one, retryable: false }])),
    others: {
      answered: Object.values(fallbackTypes).map(({ type }) => type),
      failure: { outcome: 'not_enabled', code: why, retryable: false },
    },
  };
}
