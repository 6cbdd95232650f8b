import { CHAINED_PAGES, chained } from './collectors.ts';
import { ACCOUNT, doCancel, doConnect, doDelete, doSync } from './flows.ts';
import type { Scenario } from './harness.ts';
import type { Received } from './memory/queue-store.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

const SECOND = 1000;

/** Pages so slow that a Lambda reads seven before its checkpoint. */
function slowly(world: World): void {
  world.cloud.rule = () => ({ is: 'slow', milliseconds: 13 * SECOND });
}

async function connectedChain(world: World): Promise<void> {
  world.cloud.fill(ACCOUNT, 'chained', 'global', CHAINED_PAGES * 14);
  doConnect(world);
  await settle(world);
}

function change(world: World): void {
  const cell = world.cloud.cell(ACCOUNT, 'chained', 'global');
  // One on an early page, one that is gone, one in the middle, two near the end.
  for (const [slot, version] of [
    [3, 2],
    [40, 0],
    [140, 2],
    [260, 3],
    [270, 0],
  ] as const)
    cell[slot] = version;
}

/** Scans that outlive their Lambda, and go on in the next. */
export const chains: readonly Scenario[] = [
  {
    name: 'changed chain',
    collectors: [chained],
    before: connectedChain,
    act: (world) => {
      slowly(world);
      change(world);
      doSync(world);
    },
  },
  {
    name: 'changed chain that nobody looks after',
    collectors: [chained],
    ticks: false,
    faultsIn: ['planSync', 'collectTask'],
    before: connectedChain,
    act: (world) => {
      slowly(world);
      change(world);
      doSync(world);
    },
  },
  {
    name: 'a chain whose every message comes twice',
    collectors: [chained],
    once: true,
    before: connectedChain,
    act: (world) => {
      slowly(world);
      change(world);
      world.duplicates = 1;
      world.duplicateWithin = 100 * SECOND;
      doSync(world);
    },
    // Every page was to be read; a fork would read them again.
    after: (world) =>
      world.cloud.calls > CHAINED_PAGES * 1.2 ? [`${world.cloud.calls} calls for ${CHAINED_PAGES} pages`] : [],
  },
  {
    name: 'a chain that is planned again at each step',
    collectors: [chained],
    once: true,
    before: connectedChain,
    act: async (world) => {
      slowly(world);
      change(world);
      doSync(world);
      const { requests } = world.stores.queues;
      await world.run(() => requests.length > 0, SECOND);
      const [body = ''] = requests.bodies;
      for (let n = 0; n < 12; n += 1) {
        await world.run(() => false, 20 * SECOND);
        requests.send(body, world.clock.now());
        world.watch.sent(requests);
      }
    },
    after: (world) =>
      world.cloud.calls > CHAINED_PAGES * 1.2 ? [`${world.cloud.calls} calls for ${CHAINED_PAGES} pages`] : [],
  },
  {
    name: 'an outdated link comes between two others',
    collectors: [chained],
    once: true,
    before: connectedChain,
    act: async (world) => {
      world.cloud.rule = () => ({ is: 'slow', milliseconds: 25 * SECOND });
      change(world);
      const { tasks } = world.stores.queues;
      const idle = (): boolean => ![...world.processes].some(({ stage }) => stage === 'collectTask');
      world.paused.add(tasks);
      doSync(world);
      const links: Received[] = [];
      for (let n = 0; n < 4; n += 1) {
        await world.run(() => tasks.length > 0 && idle(), 200 * SECOND);
        const [link] = tasks.receive(world.clock.now(), 1);
        if (link === undefined) throw new Error('The chain has too few links.');
        tasks.delete(link.receipt);
        links.push(link);
        const old = links[n - 2];
        if (old !== undefined && n > 2) {
          const calls = world.cloud.calls;
          world.deliver(tasks, { ...old, receipt: 'copy' });
          await world.run(idle, 200 * SECOND);
          if (world.cloud.calls > calls) world.watch.say('a link that was outdated read pages');
        }
        world.deliver(tasks, link);
      }
      world.resume(tasks);
    },
  },
  {
    name: 'a disconnect in the middle of a chain',
    collectors: [chained],
    once: true,
    before: connectedChain,
    act: async (world) => {
      slowly(world);
      change(world);
      doSync(world);
      await world.run(() => false, 150 * SECOND);
      doDelete(world);
    },
  },
  {
    name: 'a cancel in the middle of a chain, and another sync at once',
    collectors: [chained],
    once: true,
    before: connectedChain,
    act: async (world) => {
      slowly(world);
      change(world);
      doSync(world);
      await world.run(() => false, 150 * SECOND);
      const cancel = doCancel(world, 2);
      await world.run(() => cancel.done, SECOND);
      world.cloud.rule = () => undefined;
      doSync(world);
    },
  },
];
