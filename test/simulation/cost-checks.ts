import * as z from 'zod';
import { daysToRead } from '../../functions/domain/collect-costs.ts';
import { keptRow } from '../../functions/domain/cost-rows.ts';
import { monthOf } from '../../functions/domain/cost-spend.ts';
import { addDays } from '../../functions/domain/days.ts';
import { unpackBytes } from '../../functions/domain/hashing.ts';
import { costDayItem, costSourceItem, costSpendItem, type ProviderItem } from '../../functions/domain/items.ts';
import { dayOfCosts, keys } from '../../functions/domain/keys.ts';
import { parseItem } from '../../functions/domain/provider.ts';
import { tenantOf, type World } from './world.ts';

const refOf = ({ tenant, id }: ProviderItem) => ({ tenant: tenantOf(tenant), id });

/** The amounts of each stored day, by service. */
function daysOf(world: World, provider: ProviderItem): ReadonlyMap<string, readonly string[]> {
  const days = new Map<string, readonly string[]>();
  for (const item of world.stores.table.partition(keys.costDays(refOf(provider)).pk)) {
    const head = parseItem(costDayItem, item);
    const rows = head.rows === undefined ? [] : unpackBytes(z.array(keptRow), head.rows);
    days.set(
      dayOfCosts(head.sk).day,
      rows.map(({ amount }) => amount),
    );
  }
  return days;
}

const sourceOf = (world: World, provider: ProviderItem) => {
  const item = world.stores.table.peek(keys.costSource(refOf(provider), world.cloud.billing?.name ?? ''));
  return item === undefined ? undefined : parseItem(costSourceItem, item);
};

/** What must hold of costs when things are quiet: no day is there twice or in part, no call unaccounted for. */
export function costsAtRest(world: World, provider: ProviderItem): readonly string[] {
  const { billing, costs } = world.cloud;
  if (billing === undefined) return [];
  const found: string[] = [];
  const { account } = provider;
  const days = daysOf(world, provider);
  for (const [day, amounts] of days) {
    const ever = [...costs.ever(account, day)];
    const isOne =
      amounts.length === 2 && ever.some((n) => amounts[0] === `${n}.1`) && ever.some((n) => amounts[1] === `${n}.01`);
    if (!isOne) found.push(`costs of ${day}: stored is ${amounts.join(' and ')}, prices were ${ever.join(', ')}`);
  }
  const source = sourceOf(world, provider);
  for (let day = source?.from; day !== undefined && day <= (source?.through ?? ''); day = addDays(day, 1)) {
    if (!days.has(day)) found.push(`costs of ${day} are said to be known and are not there`);
  }
  return found;
}

/** Calls that were charged are in the counters of those who made them, whatever crashed. */
export function spendAtRest(world: World, providers: readonly ProviderItem[]): readonly string[] {
  const { billing, costs } = world.cloud;
  if (billing === undefined) return [];
  const month = monthOf(world.clock.now());
  return [...costs.charged].flatMap(([account, calls]) => {
    const counted = providers
      .filter((provider) => provider.account === account)
      .reduce((n, provider) => {
        const item = world.stores.table.peek(keys.costSpend(refOf(provider), billing.name, month));
        return n + parseItem(costSpendItem, item ?? {}).calls;
      }, 0);
    return counted < calls ? [`${calls} calls for the costs of ${account} were charged, ${counted} are counted`] : [];
  });
}

/** After a job without a fault: the days that it was to read are as the cloud has them. */
export function unhealedCosts(world: World, provider: ProviderItem, startedAt: string): readonly string[] {
  const { billing, costs } = world.cloud;
  if (billing === undefined) return [];
  const source = sourceOf(world, provider);
  if (source?.outcome !== 'collected' || source.complete_at === undefined || source.complete_at < startedAt)
    return [`costs are ${source?.outcome}, complete ${source?.complete_at}, after a job without a fault`];
  const days = daysOf(world, provider);
  const found: string[] = [];
  const { from, to } = daysToRead(billing, source, startedAt);
  for (let day = from; day < to; day = addDays(day, 1)) {
    const price = costs.price(provider.account, day);
    const amounts = days.get(day) ?? [];
    if (amounts.join() !== `${price}.1,${price}.01`)
      found.push(`NOT HEALED: costs of ${day} are ${amounts.join()}, in the cloud the price is ${price}`);
  }
  return found;
}
