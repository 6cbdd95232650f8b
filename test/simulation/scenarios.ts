import { combo, detailed, thing } from './collectors.ts';
import { ACCOUNT, doCancel, doConnect, doDelete, doSync } from './flows.ts';
import type { Scenario } from './harness.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

const SMALL = [thing, combo, detailed];

function fillSmall(world: World): void {
  world.cloud.fill(ACCOUNT, 'thing', 'r1', 4);
  world.cloud.fill(ACCOUNT, 'thing', 'r2', 3);
  world.cloud.fill(ACCOUNT, 'combo', 'global', 6);
  world.cloud.fill(ACCOUNT, 'detailed', 'global', 3);
}

async function connected(world: World): Promise<void> {
  fillSmall(world);
  doConnect(world);
  await settle(world);
}

function change(world: World): void {
  const { cloud } = world;
  cloud.cell(ACCOUNT, 'thing', 'r1').set([2, 1, 0, 1]);
  cloud.cell(ACCOUNT, 'combo', 'global').set([1, 0, 0, 3]);
  cloud.cell(ACCOUNT, 'detailed', 'global').set([5]);
}

/** The flows whose every crash point is tried. */
export const flows: readonly Scenario[] = [
  {
    name: 'connect and first sync',
    collectors: SMALL,
    before: async (world) => fillSmall(world),
    act: (world) => void doConnect(world),
  },
  {
    name: 'changed sync',
    collectors: SMALL,
    before: connected,
    act: (world) => {
      change(world);
      doSync(world);
    },
  },
  {
    name: 'changed sync that nobody looks after',
    collectors: SMALL,
    ticks: false,
    faultsIn: ['planSync', 'collectTask'],
    before: connected,
    act: (world) => {
      change(world);
      doSync(world);
    },
  },
  {
    name: 'unchanged sync',
    collectors: SMALL,
    before: connected,
    act: (world) => void doSync(world),
  },
  {
    name: 'disconnect in the middle of a sync',
    collectors: SMALL,
    before: connected,
    act: async (world) => {
      change(world);
      doSync(world);
      await world.run(() => false, 300);
      doDelete(world);
    },
  },
  {
    name: 'cancel in the middle of a sync, and another one at once',
    collectors: SMALL,
    before: connected,
    act: async (world) => {
      change(world);
      const sync = doSync(world);
      await world.run(() => false, 330);
      const cancel = doCancel(world, sync.value ?? 2);
      await world.run(() => cancel.done, 1000);
      world.cloud.cell(ACCOUNT, 'thing', 'r1').set([1, 1, 1, 1]);
      doSync(world);
    },
  },
];
