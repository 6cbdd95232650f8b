import { absent, allOf, equal } from './conditions.ts';
import { ConflictError } from './errors.ts';
import { type IdempotencyItem, idempotencyItem } from './items.ts';
import { type Key, keys } from './keys.ts';
import { type Clock, isoTime, type Table } from './ports.ts';
import { parseItem } from './provider.ts';

const DAY_SECONDS = 86_400;
/** After which a request that gave no answer is dead: longer than any Lambda behind the gateway lives. */
const DEAD_MS = 60_000;

/** The key was used before with another body (422). */
export class IdempotencyKeyReusedError extends Error {
  override readonly name = 'IdempotencyKeyReusedError';
}

export interface Stored {
  readonly status: number;
  readonly body: string;
}

export interface IdempotentCall {
  readonly tenant: string;
  readonly route: string;
  readonly key: string;
  /** Of the body without its secret fields. */
  readonly digest: string;
  /** This request's own name. */
  readonly owner: string;
}

/** How a request with a key begins: with the first answer, or with the right to work on one. */
export type Begun =
  | { readonly replay: Stored }
  /** `reserved`: the id that a dead try of the same request had reserved. */
  | { readonly record: IdempotencyRecord; readonly reserved: number | undefined };

/** The record of a request at work: written before its first effect. */
export class IdempotencyRecord {
  readonly #table: Table;
  readonly #key: Key;
  readonly #owner: string;

  constructor(table: Table, key: Key, owner: string) {
    this.#table = table;
    this.#key = key;
    this.#owner = owner;
  }

  /** Notes the id that the request will use, so that a later try knows whether this one got through. */
  async reserve(provider: number): Promise<void> {
    await this.#table.update(this.#key, { set: { provider }, condition: equal('owner', this.#owner) });
  }

  /** Keeps the answer for a day; one that may differ next time (5xx, 429) is forgotten. */
  async answer(answer: Stored): Promise<void> {
    const mine = equal('owner', this.#owner);
    if (answer.status >= 500 || answer.status === 429) await this.#table.remove(this.#key, mine);
    else await this.#table.update(this.#key, { set: { status: answer.status, body: answer.body }, condition: mine });
  }
}

/**
 * @throws ConflictError while the first request is at work; IdempotencyKeyReusedError when the body differs.
 */
export async function beginIdempotent(
  ports: { readonly table: Table; readonly clock: Clock },
  call: IdempotentCall,
): Promise<Begun> {
  const key = keys.idempotency(call.tenant, call.route, call.key);
  const now = ports.clock.now();
  const fresh = {
    v: 1,
    digest: call.digest,
    owner: call.owner,
    started_at: isoTime(now),
    expires_at: Math.floor(now / 1000) + DAY_SECONDS,
  };
  const record = new IdempotencyRecord(ports.table, key, call.owner);
  const written = await ports.table.update(key, { set: fresh, condition: absent('pk') });
  const item = parseItem(idempotencyItem, written.item ?? {});
  if (item.owner === call.owner) return { record, reserved: undefined };
  // The table's own expiry may come two days late.
  if (item.expires_at * 1000 < now) {
    await takeOver(ports.table, key, item, fresh, ['provider', 'status', 'body']);
    return { record, reserved: undefined };
  }
  if (item.digest !== call.digest) throw new IdempotencyKeyReusedError('The key was used with another body.');
  if (item.status !== undefined) return { replay: { status: item.status, body: item.body ?? '' } };
  if (Date.parse(item.started_at) + DEAD_MS > now) throw inProgress();
  await takeOver(ports.table, key, item, fresh, []);
  return { record, reserved: item.provider };
}

const inProgress = (): ConflictError =>
  new ConflictError('IDEMPOTENCY_IN_PROGRESS', 'The first request with this key is still at work.');

async function takeOver(
  table: Table,
  key: Key,
  item: IdempotencyItem,
  fresh: { owner: string } & Record<string, string | number>,
  remove: readonly string[],
): Promise<void> {
  const written = await table.update(key, {
    set: fresh,
    remove,
    condition: allOf(equal('owner', item.owner), equal('started_at', item.started_at)),
  });
  if (!written.applied && written.item?.owner !== fresh.owner) throw inProgress();
}
