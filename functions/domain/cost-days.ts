import * as z from 'zod';
import { absent, anyOf, below } from './conditions.ts';
import { contentOfRows, type DailyRows, type KeptRow, keptRow, sumsOf } from './cost-rows.ts';
import type { Days } from './cost-source.ts';
import { SupersededError } from './errors.ts';
import { packBytes, unpackBytes } from './hashing.ts';
import { type CostDayItem, costDayItem, costPartItem } from './items.ts';
import { dayOfCosts, keys, type ProviderRef } from './keys.ts';
import type { Table, TableReader } from './ports.ts';
import { parseItem, StoredItemError } from './provider.ts';

/**
 * The days' costs. A day is one item with all its rows, so that reading it again replaces it in one write; where they
 * are many, they are in parts of their own, written first, and the day's item is the head that names them. Heads stay
 * small either way: sums over 400 days are had from them alone.
 */
const INLINE_BYTES = 8 * 1024;
/** Of a part, deflated; DynamoDB takes 400 KB an item. */
const PART_BYTES = 350 * 1024;

const rowsSchema = z.array(keptRow);

/** Whose costs, by which source. */
export interface CostsOf {
  readonly ref: ProviderRef;
  readonly source: string;
}

/** The heads of a span's days, in their order. */
export async function readCostDays(
  table: TableReader,
  { ref, source }: CostsOf,
  { from, to }: Days,
): Promise<CostDayItem[]> {
  const heads: CostDayItem[] = [];
  // Every key of a day is behind the bare day.
  let after: string | undefined = from;
  while (after !== undefined) {
    const { items, next } = await table.query({ ...keys.costDays(ref), after, limit: 100 });
    for (const item of items) {
      if (String(item.sk) >= to) return heads;
      const head = parseItem(costDayItem, item);
      if (dayOfCosts(head.sk).source === source) heads.push(head);
    }
    after = next;
  }
  return heads;
}

/** All rows of a day, in the order service, region, currency. A head whose parts are gone was replaced meanwhile. */
export async function readRows(table: TableReader, of: CostsOf, head: CostDayItem): Promise<readonly KeptRow[]> {
  const { ref, source } = of;
  const { day } = dayOfCosts(head.sk);
  for (let now = head; ; ) {
    if (now.rows !== undefined) return unpackBytes(rowsSchema, now.rows);
    const { stamp } = now;
    const names = Array.from({ length: now.parts ?? 0 }, (_, n) => keys.costPart(ref, source, day, stamp, n));
    const parts = await table.getMany(names);
    if (parts.every((part) => part !== undefined)) {
      return parts.flatMap((part) => unpackBytes(rowsSchema, parseItem(costPartItem, part).rows));
    }
    now = parseItem(costDayItem, (await table.get(keys.costDay(ref, source, day))) ?? {});
    if (now.stamp === stamp) throw new StoredItemError(`The costs of a day lack a part.`);
  }
}

export interface DaysWritten {
  /** Days that were not known before. */
  readonly created: number;
  /** Days that are other than they were. */
  readonly updated: number;
}

/**
 * Replaces every day of a span by what was read of it, where that differs: a day without rows is emptied too, if it had
 * any. What an earlier job wrote is replaced, never added to; what a later one wrote stays.
 * @param how `pass`: the fence, asked before each day. `careful`: days that do not differ are stamped too.
 * @throws SupersededError where a higher stamp has written.
 */
export async function replaceDays(
  table: Table,
  of: CostsOf,
  days: Days,
  read: DailyRows,
  how: { readonly stamp: string; readonly careful: boolean; readonly pass: () => Promise<void> },
): Promise<DaysWritten> {
  const stored = new Map((await readCostDays(table, of, days)).map((head) => [dayOfCosts(head.sk).day, head]));
  let [created, updated] = [0, 0];
  for (const day of [...new Set([...stored.keys(), ...read.days])].sort()) {
    const before = stored.get(day);
    const rows = read.of(day);
    const differs = before?.content !== contentOfRows(rows);
    if (!differs && !how.careful) continue;
    await how.pass();
    await replaceDay(table, of, day, rows, how.stamp, before);
    if (before === undefined) created += 1;
    else if (differs) updated += 1;
  }
  return { created, updated };
}

async function replaceDay(
  table: Table,
  { ref, source }: CostsOf,
  day: string,
  rows: readonly KeptRow[],
  stamp: string,
  before: CostDayItem | undefined,
): Promise<void> {
  const packed = packBytes(rows);
  const parts = packed.byteLength <= INLINE_BYTES ? [] : partsOf(rows, packed.byteLength);
  for (const [n, part] of parts.entries()) {
    await table.update(keys.costPart(ref, source, day, stamp, n), {
      set: { v: 1, rows: packBytes(part) },
      blind: true,
    });
  }
  const written = await table.update(keys.costDay(ref, source, day), {
    set: {
      v: 1,
      stamp,
      content: contentOfRows(rows),
      sums: sumsOf(rows),
      ...(parts.length > 0 ? { parts: parts.length } : { rows: packed }),
    },
    remove: [parts.length > 0 ? 'rows' : 'parts'],
    condition: anyOf(absent('stamp'), below('stamp', stamp)),
  });
  // Refused by my own earlier try, whose answer was lost, is success.
  if (!written.applied && parseItem(costDayItem, written.item ?? {}).stamp !== stamp) {
    throw new SupersededError('A later worker wrote that day.');
  }
  // Parts that no head names any more; what a crash leaves behind here is never read.
  for (let n = 0; before !== undefined && before.stamp !== stamp && n < (before.parts ?? 0); n += 1) {
    await table.remove(keys.costPart(ref, source, day, before.stamp, n));
  }
}

/** As many parts as it takes, with a tenth to spare since rows do not deflate evenly. */
function partsOf(rows: readonly KeptRow[], bytes: number): (readonly KeptRow[])[] {
  const count = Math.ceil((bytes * 1.1) / PART_BYTES);
  const each = Math.ceil(rows.length / count);
  return Array.from({ length: count }, (_, n) => rows.slice(n * each, (n + 1) * each)).filter(
    ({ length }) => length > 0,
  );
}
