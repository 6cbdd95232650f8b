import { after, connectedTo, forgive, isCommit, isRow, MINUTE, once, SECOND, things } from './arranging.ts';
import { combo, slowly, thing, wide } from './collectors.ts';
import { ACCOUNT, doDelete, doSync } from './flows.ts';
import type { Scenario } from './harness.ts';
/** Workers that meet each other, or who comes late. */
export const directed: readonly Scenario[] = [
  {
    name: 'a disconnect ends the reading of pages',
    collectors: [slowly],
    once: true,
    before: connectedTo(({ cloud }) => cloud.fill(ACCOUNT, 'slowly', 'global', 80)),
    act: async (world) => {
      doSync(world);
      await after(world, SECOND);
      doDelete(world);
    },
  },
  {
    name: 'a disconnect ends the writing of rows',
    collectors: [wide],
    once: true,
    before: connectedTo(({ cloud }) => cloud.fill(ACCOUNT, 'wide', 'global', 0)),
    act: async (world) => {
      world.cloud.fill(ACCOUNT, 'wide', 'global', 600);
      world.calls.fault = (attempt) => (isRow(attempt) ? { is: 'slow', milliseconds: 900 } : undefined);
      doSync(world);
      await world.run(() => world.watch.rowWrites > 10, MINUTE);
      doDelete(world);
    },
  },
  {
    name: 'a row of a dead worker arrives after its successor wrote it',
    collectors: [thing],
    once: true,
    before: things,
    act: async (world) => {
      const cell = world.cloud.cell(ACCOUNT, 'thing', 'r1');
      cell.set([2]);
      const dead = once(world, isRow, { is: 'late', milliseconds: 11 * MINUTE });
      doSync(world);
      await world.run(() => dead.met, MINUTE);
      cell.set([3]);
      await after(world, 20 * MINUTE);
    },
  },
  {
    name: 'a commit of a dead worker arrives after its successor committed',
    collectors: [thing],
    once: true,
    before: things,
    act: async (world) => {
      const cell = world.cloud.cell(ACCOUNT, 'thing', 'r1');
      cell.set([2]);
      const dead = once(world, isCommit, { is: 'late', milliseconds: 11 * MINUTE });
      doSync(world);
      await world.run(() => dead.met, MINUTE);
      cell.set([3, 0]);
      await after(world, 20 * MINUTE);
    },
  },
  {
    name: 'a worker that outlived its lease stops where its successor wrote',
    collectors: [wide],
    once: true,
    before: connectedTo(({ cloud }) => cloud.fill(ACCOUNT, 'wide', 'global', 0)),
    act: async (world) => {
      world.cloud.fill(ACCOUNT, 'wide', 'global', 600);
      world.timeouts = false;
      once(world, isRow, { is: 'slow', milliseconds: 8 * MINUTE });
      doSync(world);
      // All of its first part but the row that is stuck.
      await world.run(() => world.watch.rowWrites >= 24, MINUTE);
      // So that its successor writes other rows than this one would.
      world.cloud.cell(ACCOUNT, 'wide', 'global').fill(2);
      once(world, isCommit, { is: 'slow', milliseconds: 8 * MINUTE });
      await after(world, 30 * MINUTE);
      world.timeouts = true;
      // Two at a time were wanted here.
      forgive(world, / are at work on task /);
    },
  },
  {
    name: 'every message comes twice at once, and the cloud changes meanwhile',
    collectors: [thing, combo],
    once: true,
    before: connectedTo(({ cloud }) => {
      cloud.fill(ACCOUNT, 'thing', 'r1', 4);
      cloud.fill(ACCOUNT, 'thing', 'r2', 4);
      cloud.fill(ACCOUNT, 'combo', 'global', 6);
    }),
    act: async (world) => {
      world.duplicates = 1;
      world.duplicateWithin = 150;
      const cell = world.cloud.cell(ACCOUNT, 'thing', 'r1');
      cell.set([2, 2]);
      doSync(world);
      for (let n = 3; n < 8; n += 1) {
        await after(world, 100);
        cell.set([n, n % 2, n]);
      }
    },
  },
];
