import { addDays, dayOf } from '../../functions/domain/days.ts';
import { after, MINUTE, once, SECOND } from './arranging.ts';
import { thing } from './collectors.ts';
import { billing } from './fake-costs.ts';
import { ACCOUNT, doCancel, doConnect, doCosts, doDelete, doSync, providerRow } from './flows.ts';
import type { Scenario } from './harness.ts';
import type { Attempt } from './process.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

function fill({ cloud }: World): void {
  cloud.fill(ACCOUNT, 'thing', 'r1', 4);
  cloud.fill(ACCOUNT, 'thing', 'r2', 1);
}

async function connected(world: World): Promise<void> {
  fill(world);
  doConnect(world);
  await settle(world);
}

/** The days' prices as the cloud has come to see them since, in the days that are read again and before. */
function restate(world: World, price: number): void {
  const today = dayOf(world.clock.now());
  for (const ago of [0, 1, 2]) world.cloud.costs.restate(ACCOUNT, addDays(today, -ago), price + ago);
}

const isDay = ({ key, op }: Attempt): boolean => op === 'update' && key?.pk.endsWith('#COSTS') === true;
const all = { collectors: [thing], costs: billing } as const;

/** Costs: jobs of their own beside the inventory's, whose days are replaced and never added to. */
export const costScenarios: readonly Scenario[] = [
  {
    ...all,
    name: 'connect, first sync and first costs',
    before: async (world) => fill(world),
    act: (world) => void doConnect(world),
    after: (world) => {
      if (providerRow(world)?.state !== 'connected') return [];
      const days = [...world.stores.table.partition(costsPk(world))].length;
      return days === 6 ? [] : [`six days of costs were to be read, and ${days} were`];
    },
  },
  {
    ...all,
    name: 'costs that were restated since',
    before: connected,
    act: (world) => {
      restate(world, 5);
      doCosts(world);
    },
  },
  {
    ...all,
    name: 'restated costs that nobody looks after',
    ticks: false,
    faultsIn: ['planSync', 'collectTask'],
    before: connected,
    act: (world) => {
      restate(world, 5);
      doCosts(world);
    },
  },
  {
    ...all,
    name: 'costs next to a changed sync',
    before: connected,
    act: (world) => {
      restate(world, 5);
      world.cloud.cell(ACCOUNT, 'thing', 'r1').set([2, 0]);
      doCosts(world);
      doSync(world);
    },
  },
  {
    ...all,
    name: 'costs so slow that they take links, and readings of fewer days',
    ticks: false,
    faultsIn: ['planSync', 'collectTask'],
    before: async (world) => fill(world),
    act: async (world) => {
      const connect = doConnect(world);
      await world.run(() => connect.done, MINUTE);
      world.cloud.rule = ({ collector, scope }) => {
        if (collector !== billing.name) return undefined;
        // Three days take more than a Lambda, one takes less.
        return {
          is: 'slow',
          milliseconds: (scope > dayOf(world.clock.now() - 4 * 24 * 60 * MINUTE) ? 20 : 105) * SECOND,
        };
      };
      doCosts(world);
    },
  },
  {
    ...all,
    name: 'a disconnect in the middle of costs',
    before: connected,
    act: async (world) => {
      restate(world, 5);
      doCosts(world);
      await world.run(() => false, 300);
      doDelete(world);
    },
  },
  {
    ...all,
    name: 'a disconnect ends the reading of costs',
    once: true,
    before: connected,
    act: async (world) => {
      world.cloud.rule = () => ({ is: 'slow', milliseconds: 1500 });
      doCosts(world);
      await world.run(() => [...world.processes].some(({ stage }) => stage === 'collectTask'), MINUTE);
      await after(world, 200);
      doDelete(world);
    },
  },
  {
    ...all,
    name: 'a disconnect ends the writing of days',
    once: true,
    ticks: false,
    before: async (world) => fill(world),
    act: async (world) => {
      const connect = doConnect(world);
      await world.run(() => connect.done, MINUTE);
      world.calls.fault = (attempt) => (isDay(attempt) ? { is: 'slow', milliseconds: 2500 } : undefined);
      doCosts(world);
      await world.run(() => [...world.stores.table.all('T#')].some(({ pk }) => String(pk).endsWith('#COSTS')), MINUTE);
      doDelete(world);
    },
  },
  {
    ...all,
    name: 'a cancel of costs delays the next costs, and no sync',
    before: connected,
    act: async (world) => {
      restate(world, 5);
      const costs = doCosts(world);
      await world.run(() => false, 250);
      const cancel = doCancel(world, costs.value ?? 3);
      await world.run(() => cancel.done, SECOND);
      restate(world, 7);
      doSync(world);
      doCosts(world);
    },
  },
  {
    ...all,
    name: 'two kinds end early, and each keeps its own quiet time',
    once: true,
    before: connected,
    act: async (world) => {
      world.paused.add(world.stores.queues.tasks);
      const [sync, costs] = [doSync(world), doCosts(world)];
      await world.run(() => sync.done && costs.done, MINUTE);
      await after(world, 10 * SECOND);
      const cancel = doCancel(world, sync.value ?? 0);
      await world.run(() => cancel.done, MINUTE);
      const row = providerRow(world);
      if (row?.quiet_until_inventory === undefined || row.quiet_until_costs !== undefined)
        world.watch.say('a sync that ended early is not what keeps costs waiting');
      if (row?.active_costs === undefined) world.watch.say('the end of a sync ended the costs');
      world.resume(world.stores.queues.tasks);
    },
  },
  {
    ...all,
    name: 'a day of a dead worker arrives after its successor wrote it',
    once: true,
    before: connected,
    act: async (world) => {
      restate(world, 5);
      const dead = once(world, isDay, { is: 'late', milliseconds: 11 * MINUTE });
      doCosts(world);
      await world.run(() => dead.met, MINUTE);
      // As it was before: its successor finds nothing that differs.
      const today = dayOf(world.clock.now());
      for (const ago of [0, 1, 2]) world.cloud.costs.restate(ACCOUNT, addDays(today, -ago), 1);
      await after(world, 20 * MINUTE);
    },
    after: (world) => {
      const today = dayOf(world.clock.now());
      const days = [addDays(today, -1), today].map((day) => world.cloud.costs.price(ACCOUNT, day));
      return days.every((price) => price === 1) ? unlike(world, 1) : ['the cloud is not as it was to be'];
    },
  },
  {
    ...all,
    name: 'costs that their queue gave up on',
    parks: true,
    faultsIn: ['failTask'],
    before: connected,
    act: async (world) => {
      const { tasks, failedTasks } = world.stores.queues;
      world.paused.add(tasks);
      doCosts(world);
      await world.run(() => tasks.length > 0, MINUTE);
      const [message] = tasks.receive(world.clock.now(), 1);
      if (message === undefined) throw new Error('The task was not sent.');
      tasks.clear();
      failedTasks.take(message, world.clock.now());
      world.resume(failedTasks);
      world.resume(tasks);
    },
  },
  {
    ...all,
    name: 'costs that stall: their only message is gone',
    before: connected,
    act: async (world) => {
      const { tasks } = world.stores.queues;
      world.paused.add(tasks);
      doCosts(world);
      await world.run(() => tasks.length > 0, MINUTE);
      tasks.clear();
      world.resume(tasks);
    },
  },
  {
    ...all,
    name: 'a page of costs that is refused leaves all days as they were',
    once: true,
    before: connected,
    act: (world) => {
      restate(world, 5);
      const failure = { outcome: 'denied', code: 'AccessDenied', permission: 'bill:Read', retryable: false } as const;
      world.cloud.rule = ({ collector, page }) => (collector === billing.name && page === 1 ? { failure } : undefined);
      doCosts(world);
    },
    after: (world) => unlike(world, 1),
  },
  {
    ...all,
    name: 'costs whose every message comes twice, and whose pages throttle',
    once: true,
    before: connected,
    act: (world) => {
      restate(world, 5);
      world.duplicates = 1;
      world.duplicateWithin = 150;
      let calls = 0;
      const failure = { outcome: 'throttled', code: 'Throttling', retryable: true } as const;
      world.cloud.rule = ({ collector }) => {
        if (collector !== billing.name) return undefined;
        calls += 1;
        return calls < 7 ? { failure } : undefined;
      };
      doCosts(world);
    },
  },
];

const costsPk = (world: World): string => {
  const found = [...world.stores.table.all('T#')].find(({ pk }) => String(pk).endsWith('#COSTS'));
  return String(found?.pk);
};

/** Days of today and yesterday whose stored sum is not that price's. */
function unlike(world: World, price: number): readonly string[] {
  const today = dayOf(world.clock.now());
  return [...world.stores.table.partition(costsPk(world))]
    .filter(({ sk }) => String(sk) >= addDays(today, -1))
    .flatMap(({ sk, sums }) =>
      JSON.stringify(sums)?.includes(`"${2 * price}.11"`)
        ? []
        : [`${String(sk)} is ${JSON.stringify(sums)}, not ${2 * price}.11`],
    );
}
