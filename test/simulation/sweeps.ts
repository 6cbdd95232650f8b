import { keys } from '../../functions/domain/keys.ts';
import { Secret } from '../../functions/runtime/secret.ts';
import { thing } from './collectors.ts';
import { ACCOUNT, doConnect, doDelete, doSync, providerRow, refOf, TENANT } from './flows.ts';
import type { Scenario } from './harness.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function fill(world: World): void {
  world.cloud.fill(ACCOUNT, 'thing', 'r1', 4);
  world.cloud.fill(ACCOUNT, 'thing', 'r2', 4);
}

async function connected(world: World): Promise<void> {
  fill(world);
  doConnect(world);
  await settle(world);
}

/** A rotation that died: its new secret is there, and the row names it, as `secret` or as what is to go. */
function halfRotated(world: World, how: 'rotating' | 'retiring'): void {
  const row = providerRow(world);
  if (row === undefined) throw new Error('There is no provider.');
  world.stores.secrets.create('sim/other', new Secret(ACCOUNT));
  const named = how === 'rotating' ? { rotating: 'sim/other' } : { retiring: ['sim/other'] };
  const due_at = new Date(world.clock.now() + 5 * MINUTE).toISOString();
  world.stores.table.update(keys.provider(refOf(TENANT, 1)), { set: { ...named, due_pk: dueShardOf(world), due_at } });
}

const dueShardOf = (world: World): string => {
  const shard = world.stores.table.peek(keys.provider(refOf(TENANT, 1)))?.due_pk;
  return typeof shard === 'string' ? shard : 'DUE#0';
};

/** What the tick finds half-done, and what it must not touch. */
export const sweeps: readonly Scenario[] = [
  {
    name: 'a rotation that died before the switch',
    collectors: [thing],
    before: connected,
    act: (world) => halfRotated(world, 'rotating'),
  },
  {
    name: 'a rotation that died behind the switch',
    collectors: [thing],
    before: connected,
    act: (world) => halfRotated(world, 'retiring'),
  },
  {
    name: 'a disconnect of a provider whose rotation is under way',
    collectors: [thing],
    before: connected,
    act: async (world) => {
      halfRotated(world, 'rotating');
      const gone = doDelete(world);
      await world.run(() => gone.done, MINUTE);
      // The rotation creates its secret late; the second look deletes it again.
      world.stores.secrets.create('sim/other', new Secret(ACCOUNT));
    },
  },
  {
    name: 'two connects of one account at once, and a third after a disconnect',
    collectors: [thing],
    races: true,
    faultsIn: ['connect', 'delete', 'scheduleSyncs'],
    before: async (world) => fill(world),
    act: async (world) => {
      doConnect(world);
      doConnect(world);
      await world.run(() => false, 20 * SECOND);
      doDelete(world, 1);
      await world.run(() => false, 2 * SECOND);
      doConnect(world);
    },
    after: (world) => {
      const living = [1, 2, 3].filter((id) => providerRow(world, id)?.state === 'connected');
      return living.length > 1 ? [`one account is connected as ${living.join(' and ')}`] : [];
    },
  },
  {
    name: 'a dead connect is cleaned up after another one took its claim',
    collectors: [thing],
    once: true,
    before: async (world) => fill(world),
    act: async (world) => {
      let aborted = false;
      world.calls.fault = ({ op, process, sets }) => {
        if (op === 'create secret') return { is: 'kill' };
        const isAbort = process.stage === 'scheduleSyncs' && sets?.join() === 'state';
        if (!isAbort || aborted) return undefined;
        aborted = true;
        return { is: 'kill' };
      };
      doConnect(world);
      await world.run(() => aborted, 10 * MINUTE);
      world.calls.fault = () => undefined;
      doConnect(world);
      await world.run(() => false, 5 * MINUTE);
      doConnect(world);
    },
  },
  {
    name: 'two ticks at once, and one that comes a day late',
    collectors: [thing],
    once: true,
    before: connected,
    act: async (world) => {
      world.ticks = false;
      await world.run(() => false, 23 * 60 * MINUTE);
      world.tick();
      world.tick();
      await world.run(() => false, 3 * MINUTE);
      world.tick();
      world.ticks = true;
    },
  },
  {
    name: 'a table restored to yesterday stops the sweep',
    collectors: [thing],
    once: true,
    before: async (world) => fill(world),
    act: async (world) => {
      // Yesterday ten connects were under way, and all of them have got through since.
      world.paused.add(world.stores.queues.requests);
      const yesterday: { restore?: () => void } = {};
      let secrets = 0;
      const connects = Array.from({ length: 10 }, (_, n) => {
        for (const region of ['r1', 'r2']) world.cloud.fill(`account-${n}`, 'thing', region, 1);
        return doConnect(world, TENANT, `account-${n}`);
      });
      world.calls.fault = ({ op }) => {
        if (op === 'create secret') secrets += 1;
        if (secrets === 10) yesterday.restore ??= world.stores.table.snapshot();
        return undefined;
      };
      await world.run(() => connects.every(({ done }) => done), MINUTE);
      world.stores.queues.requests.clear();
      const today = world.stores.table.snapshot();
      yesterday.restore?.();
      await world.run(() => false, 30 * MINUTE);
      const living = world.stores.secrets.living().length;
      if (living < 10) world.watch.say(`the sweep deleted ${10 - living} of ten secrets of living providers`);
      if ((world.metrics.get('SweepStopped') ?? 0) === 0) world.watch.say('nobody was told that the sweep stopped');
      // What a person does then: the newest state is restored after all, and the syncs that were due begin.
      today();
      world.resume(world.stores.queues.requests);
    },
  },
  {
    name: 'a stalled job: its only message is gone',
    collectors: [thing],
    before: connected,
    act: async (world) => {
      const { tasks } = world.stores.queues;
      world.paused.add(tasks);
      doSync(world);
      await world.run(() => tasks.length > 0, MINUTE);
      tasks.clear();
      world.resume(tasks);
    },
  },
];
