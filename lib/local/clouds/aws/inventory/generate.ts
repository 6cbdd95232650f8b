import { ENABLED_REGIONS, type SampleAccount } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import { instances, securityGroups, subnets, volumes, vpcs } from './ec2.ts';
import { type Kind, type Made, randomFor } from './kind.ts';
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

/** What a region of an account holds of a kind, at the knobs as they stand. */
export function itemsOf<T>(account: SampleAccount, kind: Kind<T>, region: string, knobs: Knobs): Made<T>[] {
  const { growing, fixed } = kind.count(region);
  const shown = kind.global ? 'global' : region;
  const mine = <K extends { type: string; region: string }>(list: readonly K[]): K[] =>
    list.filter((one) => one.type === kind.name && one.region === shown);
  const more = mine(knobs.add).reduce((n, one) => n + one.count, 0);
  const gone = new Set(mine(knobs.drop).map((one) => one.index));
  const count = fixed + Math.round(growing * knobs.size * account.scale) + more;
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !gone.has(index))
    .map((index) => kind.make({ account, region, index, random: randomFor(account, kind.name, region, index) }));
}

/** By type, then by region, the ARNs of everything that the seed generated. */
export function inventoryOf(account: SampleAccount, knobs: Knobs): Record<string, Record<string, string[]>> {
  const all: Record<string, Record<string, string[]>> = {};
  for (const kind of kinds) {
    for (const region of kind.global ? ['us-east-1'] : ENABLED_REGIONS) {
      for (const { type, arn } of itemsOf(account, kind, region, knobs)) {
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
