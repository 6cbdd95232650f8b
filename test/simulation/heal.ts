import { isoTime } from '../../functions/domain/ports.ts';
import { holdingOf, scansOf, violationsAtRest } from './checks.ts';
import { unhealedCosts } from './cost-checks.ts';
import { cellName } from './fake-cloud.ts';
import { doCosts, doSync } from './flows.ts';
import { providersOf, settle } from './settle.ts';
import type { World } from './world.ts';

/** A fault-free full sync of every connected provider must leave the inventory as the cloud is. */
export async function heal(world: World): Promise<readonly string[]> {
  world.calls.fault = () => undefined;
  world.cloud.rule = () => undefined;
  world.duplicates = 0;
  world.ticks = true;
  const connected = providersOf(world).filter(({ state }) => state === 'connected');
  // Quiet time and leases of whoever died are over by then.
  await world.run(() => false, 300_000);
  const began = isoTime(world.clock.now());
  for (const { id, tenant } of connected) {
    doSync(world, id, tenant);
    if (world.cloud.billing !== undefined) doCosts(world, id, tenant);
  }
  await settle(world);
  return [...violationsAtRest(world), ...connected.flatMap(({ id, tenant }) => unhealed(world, tenant, id, began))];
}

function unhealed(world: World, tenant: string, id: number, began: string): readonly string[] {
  const provider = providersOf(world).find((row) => row.tenant === tenant && row.id === id);
  if (provider === undefined || provider.state !== 'connected') return [];
  const found: string[] = [...unhealedCosts(world, provider, began)];
  for (const scan of scansOf(world, provider)) {
    const name = `scan ${scan.scope}#${scan.collector}`;
    if (scan.torn !== undefined) found.push(`${name} is torn after a sync without a fault`);
    const slots = world.cloud.cells.get(cellName(provider.account, scan.collector, scan.scope)) ?? new Uint32Array();
    const holding = holdingOf(world, provider, scan);
    const wrong = [...slots.keys()].filter((slot) => (holding.get(slot) ?? 0) !== slots[slot]);
    const strange = [...holding.keys()].filter((slot) => slot >= slots.length);
    if (wrong.length + strange.length > 0) {
      const [slot = -1] = [...wrong, ...strange];
      found.push(
        `NOT HEALED: ${name}: slot ${slot} is version ${holding.get(slot) ?? 0}, in the cloud ${slots[slot] ?? 0} (${wrong.length + strange.length} wrong)`,
      );
    }
  }
  return found;
}

/**
 * The same for several clouds, each from the same rest; undefined: the cloud as it is. A digest that says too much shows
 * only where the cloud goes back to what it was.
 */
export async function healAll(
  world: World,
  clouds: readonly (ReadonlyMap<string, Uint32Array> | undefined)[],
): Promise<readonly string[]> {
  const { table, secrets } = world.stores;
  const undo =
    clouds.length > 1 ? [table.snapshot(), secrets.snapshot(), world.cloud.snapshot(), world.watch.snapshot()] : [];
  const commits = new Map(world.watch.commits);
  const [expected, events] = [world.watch.expected.length, world.stores.events.length];
  for (const [n, cells] of clouds.entries()) {
    if (n > 0) {
      for (const back of undo) back();
      world.watch.expected.splice(expected);
      world.stores.events.splice(events);
      world.watch.commits.clear();
      for (const [key, commit] of commits) world.watch.commits.set(key, commit);
    }
    for (const [name, slots] of cells ?? []) world.cloud.cells.set(name, slots.slice());
    const found = await heal(world);
    if (found.length > 0) return found;
  }
  return [];
}
