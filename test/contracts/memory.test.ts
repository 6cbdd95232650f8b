import { expect, test } from 'vitest';
import { absent, below, equal } from '../../functions/domain/conditions.ts';
import type { Change } from '../../functions/domain/ports.ts';
import { TableStore } from '../simulation/memory/table-store.ts';
import { portsOf } from '../simulation/ports.ts';
import { Process } from '../simulation/process.ts';
import { World } from '../simulation/world.ts';
import { type QueuePorts, queueContract } from './queues.ts';
import { secretContract } from './secrets.ts';
import { tableContract } from './table.ts';

// The twins that the simulator runs on. Their calls take virtual time, which somebody must let pass.

const world = new World({ seed: 1, collectors: [], ticks: false });
const { stores, calls, clock } = world;
const { queues } = stores;
for (const queue of Object.values(queues)) world.paused.add(queue);
const process = new Process({ id: 'contract', stage: 'contract', tenant: undefined, task: undefined, startedAt: 0 });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ports = portsOf(
  process,
  { stores, calls, clock, watch: world.watch, log, metrics: { count: () => undefined } },
  queues.tasks,
);

/** Lets time pass while a call is under way. */
async function done<T>(call: Promise<T>): Promise<T> {
  let over = false;
  const end = call.finally(() => {
    over = true;
  });
  end.catch(() => undefined);
  await world.run(() => over, 60_000);
  return end;
}

tableContract('memory', () => ({
  get: (key) => done(ports.table.get(key)),
  query: (query) => done(ports.table.query(query)),
  getMany: (keys) => done(ports.table.getMany(keys)),
  update: (key, change) => done(ports.table.update(key, change)),
  remove: (key, condition) => done(ports.table.remove(key, condition)),
  due: (shard, before, limit) => done(ports.table.due(shard, before, limit)),
}));

secretContract('memory', () => ({
  creator: { create: (name, value, tags) => done(ports.creator.create(name, value, tags)) },
  reader: { read: (name) => done(ports.secrets.read(name)) },
  deleter: { remove: (name, how) => done(ports.deleter.remove(name, how)) },
}));

queueContract(
  'memory',
  (): QueuePorts => ({
    requests: { send: (messages, options) => done(ports.requests.send(messages, options)) },
    tasks: { to: (cloud) => ({ send: (messages, options) => done(ports.tasks.to(cloud).send(messages, options)) }) },
    deadLetters: { park: (body, reason) => done(ports.deadLetters.park(body, reason)) },
    delay: { delay: (receipt, seconds) => done(ports.delay.delay(receipt, seconds)) },
    receive: (queue, most) => Promise.resolve(queues[queue].receive(clock.now(), most)),
    remove: (queue, receipt) => Promise.resolve(queues[queue].delete(receipt)),
    pass: async (seconds) => void (await world.run(() => false, seconds * 1000)),
  }),
);

// dynalite compares text in conditions by its UTF-16 units, and lists not at all: DynamoDB's rules are asked of the twin
// alone.
test('lists compare by what they hold', async () => {
  const key = { pk: 'memory#list', sk: 'a' };
  await done(ports.table.update(key, { set: { list: ['x'] } }));
  const written = await done(ports.table.update(key, { set: { n: 1 }, condition: equal('list', ['x']) }));
  expect(written.applied).toBe(true);
});

test('text compares by its UTF-8 bytes', async () => {
  const key = { pk: 'memory#text', sk: 'a' };
  await done(ports.table.update(key, { set: { text: '\uff41' } }));
  const written = await done(ports.table.update(key, { set: { n: 1 }, condition: below('text', '\u{1f600}') }));
  expect(written.applied).toBe(true);
});

test('capacity counts a write for each kilobyte, and one or two for the index', () => {
  const table = new TableStore();
  const key = { pk: 'p', sk: 's' };
  const costs = (change: Change): number => {
    const before = table.units.writes;
    table.update(key, change);
    return table.units.writes - before;
  };
  expect(costs({ set: { n: 1 } })).toBe(1);
  expect(costs({ set: { due_pk: 'DUE', due_at: '1' } })).toBe(2);
  expect(costs({ set: { n: 2 } })).toBe(1);
  expect(costs({ set: { due_at: '2' } })).toBe(3);
  expect(costs({ set: { doc: new Uint8Array(2000) } })).toBe(2);
  expect(costs({ set: { n: 3 }, condition: absent('pk') })).toBe(2);
  expect(costs({ remove: ['doc', 'due_pk', 'due_at'] })).toBe(3);
});
