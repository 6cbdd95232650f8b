import type { Item } from '../../../functions/domain/conditions.ts';
import type { Key } from '../../../functions/domain/keys.ts';
import type { Change, Queue, Table, Written } from '../../../functions/domain/ports.ts';
import type { QueueStore } from '../../simulation/memory/queue-store.ts';
import type { TableStore } from '../../simulation/memory/table-store.ts';
import { fieldsSize } from '../../simulation/memory/values.ts';
import type { VirtualClock } from '../../simulation/virtual-clock.ts';
import { kindOfWrite, type WriteKind } from '../write-kinds.ts';
import type { Meters } from './meters.ts';

/** Milliseconds that one call of ours takes, as they usually do within a region. */
export const OURS = { table: 5, queue: 10, secrets: 20 } as const;
const BATCH = 10;
/** Bytes of messages that are charged as one request. */
const CHARGED_BYTES = 65_536;

export interface Metering {
  readonly clock: VirtualClock;
  readonly store: TableStore;
  readonly meters: () => Meters;
  /** Whether an item is kept; any other is billed and forgotten, whatever its condition. */
  readonly keeps: (key: Key) => boolean;
}

/** The table with its time, every unit of it metered by what it was for. */
export function meteredTable({ clock, store, meters, keeps }: Metering): Table {
  const reading = async <T>(act: () => T): Promise<T> => {
    await clock.sleep(OURS.table);
    const before = store.units.reads;
    const result = act();
    meters().readUnits += store.units.reads - before;
    return result;
  };
  const writing = async (kind: WriteKind, act: () => Written): Promise<Written> => {
    await clock.sleep(OURS.table);
    const { reads, writes } = store.units;
    const written = act();
    meters().wrote(kind, store.units.writes - writes);
    meters().readUnits += store.units.reads - reads;
    return written;
  };
  const taking = async (key: Key, { set = {} }: Change): Promise<Written> => {
    await clock.sleep(OURS.table);
    meters().wrote(kindOf(key, []), Math.max(1, Math.ceil((fieldsSize(set) + fieldsSize({ ...key })) / 1024)));
    return { applied: true, item: {} };
  };
  return {
    get: (key) => reading((): Item | undefined => store.get(key)),
    getMany: (keys) => reading(() => store.getMany(keys)),
    query: (query) => reading(() => store.query(query)),
    due: (shard, before, limit) => reading(() => store.due(shard, before, limit)),
    update: (key, change) =>
      !keeps(key)
        ? taking(key, change)
        : writing(kindOf(key, Object.keys(change.set ?? {})), () => store.update(key, change)),
    remove: (key, condition) => writing(kindOf(key, []), () => store.remove(key, condition)),
  };
}

const kindOf = ({ pk, sk }: Key, sets: readonly string[]): WriteKind =>
  kindOfWrite({ Key: { pk, sk }, UpdateExpression: sets.length === 1 ? `SET #${sets[0]} =` : '' });

/** A queue with its time. @param sent called once messages are there. */
export function meteredQueue<M>(
  clock: VirtualClock,
  queue: QueueStore,
  meters: () => Meters,
  sent: () => void,
): Queue<M> {
  return {
    async send(messages, { delaySeconds }) {
      for (let from = 0; from < messages.length; from += BATCH) {
        await clock.sleep(OURS.queue);
        const bodies = messages.slice(from, from + BATCH).map((message) => JSON.stringify(message));
        meters().queueRequests += Math.ceil(bodies.join('').length / CHARGED_BYTES);
        for (const body of bodies) queue.send(body, clock.now(), delaySeconds);
      }
      sent();
    },
  };
}
