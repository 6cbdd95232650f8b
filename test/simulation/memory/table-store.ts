import type { Condition, Value } from '../../../functions/domain/conditions.ts';
import type { Key } from '../../../functions/domain/keys.ts';
import type { Change, Query, Rows, Written } from '../../../functions/domain/ports.ts';
import { holds } from './judge.ts';
import { type Kept, Partition } from './partition.ts';
import { compareText, copyOf, copyOfFields, fieldsSize, type Stored } from './values.ts';

/** What DynamoDB answers 400 to. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
}

const LARGEST_ITEM = 400 * 1024;
const LARGEST_PAGE = 1024 * 1024;
const KEY_ATTRIBUTES = ['pk', 'sk'];

/** Capacity as DynamoDB bills it: index writes included, which its local stand-ins leave out. */
export interface Units {
  reads: number;
  writes: number;
}

/** The table's rules without its time: what a request does to the items, all at once. */
export class TableStore {
  #partitions = new Map<string, Partition>();
  readonly #due = new Map<string, { readonly shard: string; readonly at: string; readonly key: Key }>();
  readonly units: Units = { reads: 0, writes: 0 };

  /** The item itself, for those who watch: it is never changed, only replaced. */
  peek({ pk, sk }: Key): Stored | undefined {
    return this.#partitions.get(pk)?.items.get(sk)?.item;
  }

  get(key: Key): Stored | undefined {
    const kept = this.#kept(key);
    this.#reads(kept?.bytes ?? 0);
    return kept === undefined ? undefined : copyOfFields(kept.item);
  }

  getMany(keys: readonly Key[]): readonly (Stored | undefined)[] {
    if (new Set(keys.map(({ pk, sk }) => `${pk}\0${sk}`)).size < keys.length) {
      throw new ValidationError('A batch may not name a key twice.');
    }
    return keys.map((key) => this.get(key));
  }

  query(query: Query): Rows {
    const { pk, beginning = '', after, limit = Number.POSITIVE_INFINITY, newestFirst = false, attributes } = query;
    if (after !== undefined && !after.startsWith(beginning)) throw new ValidationError('The start is out of bounds.');
    const items: Stored[] = [];
    let bytes = 0;
    let next: string | undefined;
    const partition = this.#partitions.get(pk);
    for (const sk of partition?.range(beginning, after, newestFirst) ?? []) {
      const kept = partition?.items.get(sk);
      if (kept === undefined) continue;
      items.push(projected(kept.item, attributes));
      bytes += kept.bytes;
      next = sk;
      if (items.length >= limit || bytes >= LARGEST_PAGE) break;
      next = undefined;
    }
    this.#reads(bytes);
    return { items, next };
  }

  update(key: Key, change: Change): Written {
    const before = this.#kept(key);
    if (change.condition !== undefined && !holds(change.condition, before?.item)) return this.#refused(key, before);
    const item = changed(key, before?.item, change);
    const bytes = fieldsSize(item);
    if (bytes > LARGEST_ITEM) throw new ValidationError('Item size has exceeded the maximum allowed size.');
    this.#bill(Math.max(bytes, before?.bytes ?? 0));
    this.#keep(key, { item, bytes }, before);
    return { applied: true, item: change.blind === true ? {} : copyOfFields(item) };
  }

  remove(key: Key, condition?: Condition): Written {
    const before = this.#kept(key);
    if (condition !== undefined && !holds(condition, before?.item)) return this.#refused(key, before);
    this.#bill(before?.bytes ?? 0);
    this.#partitions.get(key.pk)?.delete(key.sk);
    this.#index(key, before?.item, undefined);
    return { applied: true, item: {} };
  }

  due(shard: string, before: string, limit: number): readonly Key[] {
    this.units.reads += 0.5;
    return [...this.#due.values()]
      .filter((one) => one.shard === shard && compareText(one.at, before) <= 0)
      .sort((a, b) => compareText(a.at, b.at) || compareText(a.key.sk, b.key.sk))
      .slice(0, limit)
      .map(({ key }) => key);
  }

  /** Every item of one partition, in no order. */
  *partition(pk: string): Generator<Stored> {
    for (const { item } of this.#partitions.get(pk)?.items.values() ?? []) yield item;
  }

  /** Every item whose partition key begins so. */
  *all(beginning = ''): Generator<Stored> {
    for (const [pk, partition] of this.#partitions) {
      if (pk.startsWith(beginning)) for (const { item } of partition.items.values()) yield item;
    }
  }

  /** What it holds now, to go back to: cheap, since items are never changed. */
  snapshot(): () => void {
    const copy = (from: ReadonlyMap<string, Partition>) => new Map([...from].map(([pk, p]) => [pk, new Partition(p)]));
    const partitions = copy(this.#partitions);
    const due = new Map(this.#due);
    return () => {
      this.#partitions = copy(partitions);
      this.#due.clear();
      for (const [key, value] of due) this.#due.set(key, value);
    };
  }

  #kept({ pk, sk }: Key): Kept | undefined {
    if (pk === '' || sk === '') throw new ValidationError('A key may not be empty.');
    return this.#partitions.get(pk)?.items.get(sk);
  }

  #keep(key: Key, kept: Kept, before: Kept | undefined): void {
    const partition = this.#partitions.get(key.pk) ?? new Partition();
    this.#partitions.set(key.pk, partition);
    partition.put(key.sk, kept);
    this.#index(key, before?.item, kept.item);
  }

  /** A refused condition costs a write, and the item is then read back. */
  #refused(key: Key, before: Kept | undefined): Written {
    this.#bill(before?.bytes ?? 0);
    return { applied: false, item: this.get(key) };
  }

  #index(key: Key, before: Stored | undefined, after: Stored | undefined): void {
    const placeOf = (item: Stored | undefined) => {
      const { due_pk: shard, due_at: at } = item ?? {};
      return typeof shard === 'string' && typeof at === 'string'
        ? { shard, at, key: { pk: key.pk, sk: key.sk } }
        : undefined;
    };
    const [was, is] = [placeOf(before), placeOf(after)];
    if (was?.shard === is?.shard && was?.at === is?.at) return;
    this.units.writes += (was === undefined ? 0 : 1) + (is === undefined ? 0 : 1);
    const name = `${key.pk}\0${key.sk}`;
    if (is === undefined) this.#due.delete(name);
    else this.#due.set(name, is);
  }

  #bill(bytes: number): void {
    this.units.writes += Math.max(1, Math.ceil(bytes / 1024));
  }

  #reads(bytes: number): void {
    this.units.reads += Math.max(1, Math.ceil(bytes / 4096));
  }
}

function projected(item: Stored, attributes: readonly string[] | undefined): Stored {
  if (attributes === undefined) return copyOfFields(item);
  return copyOfFields(Object.fromEntries(attributes.map((name) => [name, item[name]])));
}

/** The item after a change: all parts read what was there before. */
function changed({ pk, sk }: Key, before: Stored | undefined, change: Change): Stored {
  const set = copyOfFields(change.set ?? {});
  const named = [
    ...Object.keys(set),
    ...Object.keys(change.setOnce ?? {}),
    ...(change.remove ?? []),
    ...Object.keys(change.add ?? {}),
    ...Object.keys(change.takeOut ?? {}),
  ];
  if (named.length === 0) throw new ValidationError('An update must say something.');
  if (new Set(named).size < named.length) throw new ValidationError('Two document paths overlap with each other.');
  if (named.some((name) => KEY_ATTRIBUTES.includes(name))) throw new ValidationError('A key cannot be changed.');
  const item: Record<string, Value> = { ...before, ...set, pk, sk };
  for (const [name, value] of Object.entries(change.setOnce ?? {})) item[name] = before?.[name] ?? copyOf(value);
  for (const name of change.remove ?? []) delete item[name];
  for (const [name, n] of Object.entries(change.add ?? {})) {
    const value = before?.[name] ?? 0;
    if (typeof value !== 'number') throw new ValidationError('Only a number can be added to.');
    item[name] = value + n;
  }
  for (const [name, n] of Object.entries(change.takeOut ?? {})) {
    const value = before?.[name];
    if (value === undefined) continue;
    if (!(value instanceof Set)) throw new ValidationError('Only from a set can be taken.');
    const left = new Set([...value].filter((one) => one !== n));
    if (left.size > 0) item[name] = left;
    else delete item[name];
  }
  return item;
}
