import * as z from 'zod';
import { type ChangeEntry, changeEntry } from './change-log.ts';
import { CursorError } from './errors.ts';
import { unpackBytes } from './hashing.ts';
import { packItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { MOST_ROWS, type PageRequest, sortKeyOf } from './page.ts';
import type { TableReader } from './ports.ts';
import { parseItem } from './provider.ts';

/** A change as the history tells it: of which job, and when that started (RFC 3339 with milliseconds). */
export interface Told extends ChangeEntry {
  readonly at: string;
  readonly job: number;
}

export interface ChangePage {
  readonly changes: readonly Told[];
  /** Sort key of a pack, and the place in it where the next page begins. */
  readonly next: readonly [string, string] | undefined;
}

export interface ChangeFilter {
  /** Milliseconds since 1970: only changes of jobs that started then or later. */
  readonly since?: number | undefined;
  readonly type?: string | undefined;
}

/** Packs of one query: each is some tens of kilobytes, and most hold few entries. */
const PACKS = 20;

/**
 * Changes newest first: by the start of their job, within a job by scope and collector, both backwards, and within a
 * pack by type and key. At most 2,000 entries are looked at. @throws CursorError for a position that is none.
 */
export async function listChanges(
  table: TableReader,
  ref: ProviderRef,
  filter: ChangeFilter,
  page: PageRequest,
): Promise<ChangePage> {
  const kept: Told[] = [];
  let looked = 0;
  for await (const pack of packsFrom(table, ref, page.after)) {
    if (filter.since !== undefined && Date.parse(pack.at) < filter.since) break;
    for (const [n, entry] of pack.entries.entries()) {
      if (n < pack.from) continue;
      const wanted = filter.type === undefined || entry.type === filter.type;
      const isFull = wanted && kept.length === page.limit;
      if (isFull || looked === MOST_ROWS) return { changes: kept, next: [pack.sk, String(n)] };
      looked += 1;
      if (wanted) kept.push({ ...entry, at: pack.at, job: pack.job });
    }
  }
  return { changes: kept, next: undefined };
}

interface Pack {
  readonly sk: string;
  readonly at: string;
  readonly job: number;
  readonly entries: readonly ChangeEntry[];
  /** The first entry that is not behind the reader. */
  readonly from: number;
}

async function* packsFrom(
  table: TableReader,
  ref: ProviderRef,
  position: readonly string[] | undefined,
): AsyncGenerator<Pack> {
  const packs = keys.changes(ref);
  let after: string | undefined;
  if (position !== undefined) {
    const [sk, place = ''] = position;
    after = sortKeyOf(sk);
    if (!/^[0-9]{1,4}$/.test(place)) throw new CursorError();
    const item = await table.get({ pk: packs.pk, sk: after });
    if (item !== undefined) yield readPack(item, Number(place));
  }
  do {
    const rows = await table.query({ ...packs, newestFirst: true, after, limit: PACKS });
    for (const item of rows.items) yield readPack(item, 0);
    after = rows.next;
  } while (after !== undefined);
}

const entriesSchema = z.array(changeEntry);

function readPack(item: Readonly<Record<string, unknown>>, from: number): Pack {
  const { sk, entries } = parseItem(packItem, item);
  const [at = '', job] = sk.split('#');
  // A run after a crash may have read the pages in another order: what a cursor points into must not change by that.
  const sorted = unpackBytes(entriesSchema, entries).sort((a, b) => compare(a.type, b.type) || compare(a.hash, b.hash));
  return { sk, at, job: Number(job), entries: sorted, from };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
