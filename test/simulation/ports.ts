import type { DomainEvent } from '../../functions/domain/events.ts';
import type { Key } from '../../functions/domain/keys.ts';
import type { Log, Metrics } from '../../functions/domain/log.ts';
import type {
  Change,
  Clock,
  DeadLetters,
  Events,
  MessageDelay,
  Queue,
  RequestQueue,
  SecretCreator,
  SecretDeleter,
  SecretReader,
  Table,
  TaskQueues,
  Written,
} from '../../functions/domain/ports.ts';
import type { Calls } from './calls.ts';
import type { QueueStore } from './memory/queue-store.ts';
import type { SecretStore } from './memory/secret-store.ts';
import type { TableStore } from './memory/table-store.ts';
import type { Process } from './process.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Watch } from './watch.ts';

/** What all processes share. */
export interface Stores {
  readonly table: TableStore;
  readonly secrets: SecretStore;
  readonly queues: {
    readonly requests: QueueStore;
    readonly tasks: QueueStore;
    readonly failedTasks: QueueStore;
    readonly deadLetters: QueueStore;
  };
  readonly events: DomainEvent[];
}

/** Everything that any handler or flow asks for. */
export interface AllPorts {
  readonly table: Table;
  readonly secrets: SecretReader;
  readonly creator: SecretCreator;
  readonly deleter: SecretDeleter;
  readonly requests: RequestQueue;
  readonly tasks: TaskQueues;
  readonly deadLetters: DeadLetters;
  readonly delay: MessageDelay;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const TABLE = [2, 12] as const;
const QUEUE = [4, 20] as const;
const SECRETS = [15, 60] as const;
const BATCH = 10;

const namesIn = ({ set, takeOut, remove }: Change): readonly string[] => [
  ...Object.keys(set ?? {}),
  ...[...Object.keys(takeOut ?? {}), ...(remove ?? [])].map((name) => `-${name}`),
];
const textOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** What the ports of a process act upon. */
export interface Surroundings {
  readonly stores: Stores;
  readonly calls: Calls;
  readonly clock: VirtualClock;
  readonly watch: Watch;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The ports as one process holds them. @param source the queue that started it. */
export function portsOf(
  process: Process,
  { stores, calls, clock, watch, log, metrics }: Surroundings,
  source?: QueueStore,
): AllPorts {
  const { table, secrets, queues } = stores;
  const reading = <T>(op: string, key: Key, act: () => T): Promise<T> => {
    watch.touched(process, key.pk);
    return calls.make(process, { op, on: textOf(key), effect: false, key }, TABLE, act);
  };
  const writing = (op: string, key: Key, change: Change | undefined, act: () => Written) => {
    watch.touched(process, key.pk);
    watch.asked(process, key);
    const call = { op, on: textOf(key), effect: true, key, ...(change === undefined ? {} : { sets: namesIn(change) }) };
    return calls.make(process, call, TABLE, () => {
      const before = table.peek(key);
      const written = act();
      watch.wrote(process, key, change, before, table.peek(key), written.applied);
      return written;
    });
  };
  const sending = <M>(queue: QueueStore): Queue<M> => ({
    async send(messages, { delaySeconds }) {
      for (let from = 0; from < messages.length; from += BATCH) {
        const batch = messages.slice(from, from + BATCH).map((message) => JSON.stringify(message));
        await calls.make(process, { op: 'send', on: queue.model.name, effect: true }, QUEUE, () => {
          for (const body of batch) queue.send(body, clock.now(), delaySeconds);
          watch.sent(queue);
        });
      }
    },
  });
  return {
    table: {
      get: (key) => reading('get', key, () => table.get(key)),
      getMany: (keys) => {
        const [first] = keys;
        if (first === undefined) return Promise.resolve([]);
        for (const key of keys) watch.touched(process, key.pk);
        return reading('getMany', first, () => table.getMany(keys));
      },
      query: (query) => reading('query', { pk: query.pk, sk: query.beginning ?? '' }, () => table.query(query)),
      due: (shard, before, limit) =>
        calls.make(process, { op: 'due', on: shard, effect: false }, TABLE, () => table.due(shard, before, limit)),
      update: (key, change) => writing('update', key, change, () => table.update(key, change)),
      remove: (key, condition) => writing('remove', key, undefined, () => table.remove(key, condition)),
    },
    secrets: {
      read: (name) =>
        calls.make(process, { op: 'read secret', on: name, effect: false }, SECRETS, () => {
          watch.secretRead(process, name);
          return secrets.read(name);
        }),
    },
    creator: {
      create: (name, value) =>
        calls.make(process, { op: 'create secret', on: name, effect: true }, SECRETS, () =>
          secrets.create(name, value),
        ),
    },
    deleter: {
      remove: (name, how) =>
        calls.make(process, { op: 'delete secret', on: name, effect: true }, SECRETS, () => secrets.remove(name, how)),
    },
    requests: sending(queues.requests),
    tasks: { to: () => sending(queues.tasks) },
    deadLetters: {
      park: (body) =>
        calls.make(process, { op: 'park', on: 'dead letters', effect: true }, QUEUE, () =>
          queues.deadLetters.send(body, clock.now()),
        ),
    },
    delay: {
      delay: (receipt, seconds) =>
        calls.make(process, { op: 'delay', on: receipt, effect: true }, QUEUE, () => {
          source?.setVisibility(receipt, clock.now(), seconds);
          if (source !== undefined) watch.sent(source);
        }),
    },
    events: {
      publish: (event) =>
        calls.make(
          process,
          { op: 'publish', on: event.name, effect: true },
          QUEUE,
          () => void stores.events.push(event),
        ),
    },
    log,
    metrics,
    // A process that is gone never wakes up.
    clock: {
      now: () => clock.now(),
      sleep: (milliseconds) =>
        milliseconds <= 0
          ? Promise.resolve()
          : new Promise((resolve) => {
              clock.at(clock.now() + milliseconds, () => {
                if (process.alive) resolve();
              });
            }),
    },
  };
}
