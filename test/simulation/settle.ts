import type { ProviderItem } from '../../functions/domain/items.ts';
import { providerItem } from '../../functions/domain/items.ts';
import { parseItem } from '../../functions/domain/provider.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
/** Whoever is due later than this is not about to be looked at: the next usual sync is hours away. */
const SOON = 30 * MINUTE;
/** Virtual time after which a world that is not quiet hangs. */
const LONGEST = 150 * MINUTE;

export function providersOf(world: World): readonly ProviderItem[] {
  return [...world.stores.table.all('T#')]
    .filter(({ sk }) => typeof sk === 'string' && sk.startsWith('PROVIDER#'))
    .map((item) => parseItem(providerItem, item));
}

/** Nobody is at work, nothing waits in a queue, nobody is due. Without ticks those who are due do not count. */
export function isQuiet(world: World): boolean {
  const { requests, tasks, failedTasks } = world.stores.queues;
  if (world.processes.size > 0 || requests.length + tasks.length + failedTasks.length > 0) return false;
  if (!world.ticks) return true;
  const soon = new Date(world.clock.now() + SOON).toISOString();
  return providersOf(world).every(
    (row) =>
      row.active_inventory === undefined &&
      row.active_costs === undefined &&
      (row.due_at === undefined || row.due_at > soon),
  );
}

/** Lets the world run until it is quiet. One that does not come to rest is a violation. */
export async function settle(world: World, within = LONGEST): Promise<void> {
  if (await world.run(() => isQuiet(world), within)) return;
  const { requests, tasks, failedTasks } = world.stores.queues;
  world.watch.say(
    `not quiet after ${within / MINUTE} minutes: ${[...world.processes].map(({ id }) => id).join(', ')}; messages ${requests.length}/${tasks.length}/${failedTasks.length}; ${providersOf(
      world,
    )
      .map((row) => `${row.id} ${row.state} active ${row.active_inventory}/${row.active_costs} due ${row.due_at}`)
      .join('; ')}`,
  );
}
