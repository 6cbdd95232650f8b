import type { Secret } from '../runtime/secret.ts';
import type { Condition, Item, Value } from './conditions.ts';
import type { DomainEvent } from './events.ts';
import type { Key } from './keys.ts';
import type { SyncRequest, TaskMessage } from './messages.ts';

/** One conditional change of one item. Attributes not named stay as they are; a missing item is made. */
export interface Change {
  readonly set?: Readonly<Record<string, Value | undefined>>;
  /** Set only where the attribute is absent. */
  readonly setOnce?: Readonly<Record<string, Value>>;
  readonly remove?: readonly string[];
  /** Adds to a counter, starting from 0. */
  readonly add?: Readonly<Record<string, number>>;
  /** Takes numbers out of number sets; an emptied set is gone. */
  readonly takeOut?: Readonly<Record<string, number>>;
  readonly condition?: Condition;
  /** The item is not wanted back when the change is applied: `Written.item` is then empty. */
  readonly blind?: true;
}

/** Whether a write was applied, and the item after it (or as it stands, where the condition refused). */
export type Written =
  | { readonly applied: true; readonly item: Item }
  | { readonly applied: false; readonly item: Item | undefined };

export interface Query {
  readonly pk: string;
  /** Sort keys that begin so; with `after`, only those behind it (exclusive). */
  readonly beginning?: string;
  readonly after?: string | undefined;
  /** Most rows to read; a page may be short of it, and still there may be more. */
  readonly limit?: number;
  readonly newestFirst?: boolean;
  /** Only these attributes, for whoever reads many rows and needs little of each. Absent: all. */
  readonly attributes?: readonly string[];
}

export interface Rows {
  readonly items: readonly Item[];
  /** The last sort key read, when there may be more behind it. */
  readonly next: string | undefined;
}

/** The one table. Reads are strongly consistent, writes are single items under a condition; no transactions. */
export interface TableReader {
  get(key: Key): Promise<Item | undefined>;
  query(query: Query): Promise<Rows>;
  /** Many items at once, in the order of the keys, which must differ. @throws TableError when some stay unread. */
  getMany(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>;
}

export interface Table extends TableReader {
  /** @throws TableError when the table does not answer; a refused condition is a result, not an error. */
  update(key: Key, change: Change): Promise<Written>;
  remove(key: Key, condition?: Condition): Promise<Written>;
  /** Keys of providers that are due before a time (RFC 3339 with milliseconds), oldest first; eventually consistent. */
  due(shard: string, before: string, limit: number): Promise<readonly Key[]>;
}

/** `fairness` is what a fair queue shares by: the hashed tenant. Delays are whole seconds, up to 900. */
export interface Queue<M> {
  /** Sends all, those a batch answer refuses again. @throws QueueError when some cannot be sent. */
  send(messages: readonly M[], options: { readonly fairness: string; readonly delaySeconds?: number }): Promise<void>;
}
export type RequestQueue = Queue<SyncRequest>;
export interface TaskQueues {
  to(cloud: string): Queue<TaskMessage>;
}

/** Where a message is put that nobody can act on. */
export interface DeadLetters {
  park(body: string, reason: string): Promise<void>;
}

/** Sets when a message that is left in its queue is seen again. */
export interface MessageDelay {
  delay(receiptHandle: string, seconds: number): Promise<void>;
}

export interface SecretCreator {
  /** Makes `<prefix>/<name>`; one that exists under that name already is mine, made by a try whose answer was lost. */
  create(name: string, value: Secret<string>, tags: Readonly<Record<string, string>>): Promise<void>;
}
export interface SecretReader {
  read(name: string): Promise<Secret<string> | undefined>;
}
export interface SecretDeleter {
  /** `forced`: at once and for good; otherwise it can be restored for 7 days. A missing secret is success. */
  remove(name: string, how: 'forced' | 'recoverable'): Promise<'removed' | 'missing'>;
}

/** Where events go that others build on. At least once; `id` of the detail tells copies apart. */
export interface Events {
  publish(event: DomainEvent): Promise<void>;
}

/** Milliseconds since 1970, as `Date.now()`. */
export interface Clock {
  now(): number;
  /** Resolves after so many milliseconds; at once for 0 or less. */
  sleep(milliseconds: number): Promise<void>;
}

/** RFC 3339 with milliseconds: sorts as text. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
