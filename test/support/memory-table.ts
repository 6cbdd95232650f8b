import type { Value } from '../../functions/domain/conditions.ts';
import type { Key } from '../../functions/domain/keys.ts';
import type { Query, Table } from '../../functions/domain/ports.ts';
import { TableStore } from '../simulation/memory/table-store.ts';

/** The simulator's table, at once and without faults, for tests of what reads it; it counts the queries it answers. */
export interface MemoryTable extends Table {
  put(key: Key, attributes: Readonly<Record<string, Value | undefined>>): void;
  readonly queries: readonly Query[];
}

export function memoryTable(): MemoryTable {
  const store = new TableStore();
  const queries: Query[] = [];
  return {
    queries,
    put(key, set) {
      store.update(key, { set });
    },
    get: async (key) => store.get(key),
    getMany: async (keys) => store.getMany(keys),
    async query(query) {
      queries.push(query);
      return store.query(query);
    },
    update: async (key, change) => store.update(key, change),
    remove: async (key, condition) => store.remove(key, condition),
    due: async (shard, before, limit) => store.due(shard, before, limit),
  };
}
