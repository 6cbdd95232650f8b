import type { SimCollector } from './fake-cloud.ts';

const named = (
  name: string,
  service: string,
  scope: string,
  types: readonly string[],
  pageSize: number,
): SimCollector => ({
  name,
  service,
  scope,
  types,
  permissions: [`${service}:List`],
  pageSize,
});

/** A regional list of two pages. */
export const thing = named('thing', 'alpha', 'region', ['thing'], 2);
/** One call that answers three types. */
export const combo = named('combo', 'beta', 'global', ['role', 'policy', 'user'], 3);
/** A list whose items are described one by one. */
export const detailed: SimCollector = {
  ...named('detailed', 'gamma', 'global', ['detailed'], 2),
  permissions: ['gamma:List', 'gamma:Describe'],
  details: true,
};
/** Many to a page: past 256 it has fingerprints. */
export const large = named('large', 'delta', 'global', ['large'], 100);
/** Twenty pages of fourteen: past 256 resources the scan has fingerprints, and slow pages make a chain of it. */
export const chained = named('chained', 'theta', 'global', ['chained', 'linked'], 14);
/** How many pages that is. */
export const CHAINED_PAGES = 20;
/** Two to a page: forty pages take seconds. */
export const slowly = named('slowly', 'zeta', 'global', ['slowly'], 2);
/** Everything on one page, many rows at once. */
export const wide = named('wide', 'eta', 'global', ['wide'], 1000);
/** So many scans that they make two tasks. */
export const many: readonly SimCollector[] = Array.from({ length: 70 }, (_, n) =>
  named(`many${n}`, `service${n}`, 'global', [`many${n}`], 2),
);
