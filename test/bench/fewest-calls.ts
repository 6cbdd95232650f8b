import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/accounts.ts';
import { ecsClusters, ecsServices } from '../../lib/local/clouds/aws/inventory/ecs.ts';
import { busesOf, rules } from '../../lib/local/clouds/aws/inventory/events.ts';
import { countsOf } from '../../lib/local/clouds/aws/inventory/generate.ts';
import { managedKeys } from '../../lib/local/clouds/aws/inventory/kms.ts';
import { Listing } from '../../lib/local/clouds/aws/inventory/listing.ts';
import { defaultKnobs, type Knobs } from '../../lib/local/clouds/aws/knobs.ts';
import { AWS_LISTS, listOf } from './aws-lists.ts';
import { callsOf, type Held } from './list-calls.ts';

/** The list of the account's regions. */
const REGIONS = 1;

type ByRegion = Readonly<Record<string, Held>>;

/** The fewest calls that can read the main sample account whole at these knobs, each type by itself. */
export function fewestCallsAt(knobs: Partial<Knobs>): number {
  const held = heldAt({ ...defaultKnobs, ...knobs });
  const lists = new Map<string, string[]>();
  for (const type of Object.keys(held)) {
    const name = AWS_LISTS[type]?.together ?? type;
    lists.set(name, [...(lists.get(name) ?? []), type]);
  }
  let calls = REGIONS;
  for (const [name, types] of lists) {
    const list = listOf({ name, types });
    for (const one of together(types.map((type) => held[type] ?? {}))) calls += callsOf(list, one).calls;
  }
  return calls;
}

/** By type and region, what its list answers: that is more than the account's own where it is told apart later only. */
function heldAt(knobs: Knobs): Readonly<Record<string, ByRegion>> {
  const counts = countsOf(MAIN_ACCOUNT, knobs);
  const perRegion = (heldIn: (region: string) => Held): ByRegion =>
    Object.fromEntries(knobs.regions.map((region) => [region, heldIn(region)]));
  return {
    ...counts,
    kms_key: perRegion(
      (region) => (counts.kms_key?.[region] ?? 0) + new Listing(MAIN_ACCOUNT, managedKeys, region, knobs).length,
    ),
    ecs_service: perRegion((region) => {
      const clusters = items(new Listing(MAIN_ACCOUNT, ecsClusters, region, knobs));
      const services = items(new Listing(MAIN_ACCOUNT, ecsServices, region, knobs));
      return each(clusters, ({ clusterArn }) => services.filter((one) => one.clusterArn === clusterArn));
    }),
    eventbridge_rule: perRegion((region) => {
      const all = items(new Listing(MAIN_ACCOUNT, rules, region, knobs));
      const buses = busesOf(region, MAIN_ACCOUNT.accountId);
      return each(buses, ({ Name }) => all.filter((one) => one.EventBusName === Name));
    }),
  };
}

const items = <T>(listing: Listing<T>): readonly T[] => listing.slice(0, listing.length);
const each = <P>(parents: readonly P[], of: (parent: P) => readonly unknown[]): readonly number[] =>
  parents.map((parent) => of(parent).length);

/** What one list over several types holds, region by region. */
function together(types: readonly ByRegion[]): readonly Held[] {
  const [only, ...others] = types;
  if (only === undefined || others.length === 0) return Object.values(only ?? {});
  const regions = new Set(types.flatMap((one) => Object.keys(one)));
  return [...regions].map((region) => types.reduce((sum, one) => sum + Number(one[region] ?? 0), 0));
}
