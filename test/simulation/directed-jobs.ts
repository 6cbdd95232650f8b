import { after, connectedTo, isRow, MINUTE, once, SECOND, things } from './arranging.ts';
import { combo, large, many, slowly, thing } from './collectors.ts';
import { ACCOUNT, doCancel, doSync } from './flows.ts';
import type { Scenario } from './harness.ts';

const small = connectedTo(({ cloud }) => {
  cloud.fill(ACCOUNT, 'thing', 'r1', 4);
  cloud.fill(ACCOUNT, 'thing', 'r2', 4);
  cloud.fill(ACCOUNT, 'combo', 'global', 6);
});

/** Jobs that end otherwise than by their join, or meet a fault of the cloud. */
export const directedJobs: readonly Scenario[] = [
  {
    name: 'a task fails for good while a copy of it is at work, which then dies',
    collectors: [slowly],
    once: true,
    ticks: false,
    parks: true,
    before: connectedTo(({ cloud }) => cloud.fill(ACCOUNT, 'slowly', 'global', 80)),
    act: async (world) => {
      const { tasks, failedTasks } = world.stores.queues;
      world.paused.add(tasks);
      doSync(world);
      await world.run(() => tasks.length > 0, MINUTE);
      const [message] = tasks.receive(world.clock.now(), 1);
      if (message === undefined) throw new Error('The task was not sent.');
      tasks.clear();
      world.deliver(tasks, message);
      await after(world, SECOND);
      failedTasks.send(message.body, world.clock.now());
      world.resume(failedTasks);
      await after(world, SECOND);
      for (const process of world.processes) if (process.stage === 'collectTask') process.end();
      world.resume(tasks);
    },
  },
  {
    name: 'a task fails for good while a copy under another name is at work',
    collectors: [slowly],
    once: true,
    parks: true,
    before: connectedTo(({ cloud }) => cloud.fill(ACCOUNT, 'slowly', 'global', 80)),
    act: async (world) => {
      const { tasks, failedTasks } = world.stores.queues;
      doSync(world);
      await world.run(() => tasks.length > 0, MINUTE);
      const [body = ''] = tasks.bodies;
      await after(world, SECOND);
      failedTasks.send(body, world.clock.now());
      world.resume(failedTasks);
    },
  },
  {
    name: 'a job is cancelled before it is planned',
    collectors: [thing],
    before: things,
    act: async (world) => {
      const { requests } = world.stores.queues;
      world.paused.add(requests);
      const sync = doSync(world);
      await world.run(() => sync.done, MINUTE);
      const cancel = doCancel(world, 2);
      await world.run(() => cancel.done, MINUTE);
      world.resume(requests);
    },
  },
  {
    name: 'a cancelled worker is stuck in a write while the next job is started',
    collectors: [thing],
    once: true,
    before: things,
    act: async (world) => {
      const cell = world.cloud.cell(ACCOUNT, 'thing', 'r1');
      cell.set([1, 2]);
      const stuck = once(world, isRow, { is: 'slow', milliseconds: 40 * SECOND });
      doSync(world);
      await world.run(() => stuck.met, MINUTE);
      const cancel = doCancel(world, 2);
      await world.run(() => cancel.done, MINUTE);
      cell.set([3, 1]);
      doSync(world);
    },
  },
  {
    name: 'a page that is refused deletes nothing',
    collectors: [thing, large],
    once: true,
    before: connectedTo(({ cloud }) => {
      cloud.fill(ACCOUNT, 'thing', 'r1', 4);
      cloud.fill(ACCOUNT, 'thing', 'r2', 4);
      cloud.fill(ACCOUNT, 'large', 'global', 450);
    }),
    act: (world) => {
      world.cloud.cell(ACCOUNT, 'thing', 'r1').set([2]);
      world.cloud.cell(ACCOUNT, 'large', 'global').set([2, 0], 120);
      const failure = { outcome: 'denied', code: 'AccessDenied', permission: 'x:List', retryable: false } as const;
      world.cloud.rule = ({ page }) => (page >= 1 ? { failure } : undefined);
      doSync(world);
    },
  },
  {
    name: 'two tasks join',
    collectors: many,
    ticks: false,
    faultsIn: ['planSync', 'collectTask'],
    before: connectedTo(({ cloud }) => {
      for (const { name } of many) cloud.fill(ACCOUNT, name, 'global', 1);
    }),
    act: (world) => void doSync(world),
  },
  {
    name: 'a task that its queue gave up on',
    collectors: [thing, combo],
    parks: true,
    faultsIn: ['failTask'],
    before: small,
    act: async (world) => {
      const { tasks, failedTasks } = world.stores.queues;
      world.paused.add(tasks);
      doSync(world);
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
    name: 'pages that throttle, repeat their token or never come',
    collectors: [thing, combo],
    once: true,
    before: small,
    act: (world) => {
      const calls = new Map<string, number>();
      const failure = { outcome: 'throttled', code: 'Throttling', retryable: true } as const;
      world.cloud.rule = ({ collector, scope, page }) => {
        const key = `${collector} ${scope} ${page}`;
        const n = calls.get(key) ?? 0;
        calls.set(key, n + 1);
        if (key === 'thing r1 1') return n < 9 ? { failure } : undefined;
        if (key === 'thing r2 1') return n < 3 ? { is: 'hang' } : undefined;
        return key === 'combo global 1' ? { is: 'loop' } : undefined;
      };
      world.cloud.cell(ACCOUNT, 'thing', 'r1').set([2, 2, 2, 0]);
      doSync(world);
    },
  },
];
