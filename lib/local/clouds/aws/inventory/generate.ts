import type { SampleAccount } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import { instances, securityGroups, subnets, volumes, vpcs } from './ec2.ts';
import type { Kind } from './kind.ts';
import { Listing } from './listing.ts';
import { buckets, distributions, functions, roles, tables, users } from './others.ts';
import { clusters, databases } from './rds.ts';

/** REGISTRY: every kind of resource that the sample account holds. */
const kinds: readonly Kind<unknown>[] = [
  vpcs,
  subnets,
  securityGroups,
  instances,
  volumes,
  databases,
  clusters,
  functions,
  tables,
  buckets,
  distributions,
  roles,
  users,
];

/** By type, then by region, the ARNs of everything that the seed generated. */
export function inventoryOf(account: SampleAccount, knobs: Knobs): Record<string, Record<string, string[]>> {
  const all: Record<string, Record<string, string[]>> = {};
  for (const kind of kinds) {
    for (const region of kind.global ? ['us-east-1'] : knobs.regions) {
      for (const { type, arn } of new Listing(account, kind, region, knobs).made()) {
        all[type] ??= {};
        const ofType = all[type];
        const place = kind.global ? 'global' : region;
        ofType[place] ??= [];
        ofType[place].push(arn);
      }
    }
  }
  return all;
}

/** How many resources each kind has in each region, without making them. */
export function countsOf(account: SampleAccount, knobs: Knobs): Record<string, Record<string, number>> {
  return Object.fromEntries(
    kinds.map((kind) => [
      kind.name,
      Object.fromEntries(
        (kind.global ? ['us-east-1'] : knobs.regions).map((region) => [
          kind.global ? 'global' : region,
          new Listing(account, kind, region, knobs).length,
        ]),
      ),
    ]),
  );
}
