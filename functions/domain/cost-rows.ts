import { hash } from 'node:crypto';
import * as z from 'zod';
import type { CostRow, Days } from './cost-source.ts';
import { isDay } from './days.ts';
import { exactDecimal, sumOf } from './decimal.ts';
import type { CostSum } from './items.ts';

const decimal = z.string().transform((text, context) => {
  const exact = exactDecimal(text);
  if (exact === undefined) context.addIssue({ code: 'custom', message: 'must be a decimal' });
  return exact ?? z.NEVER;
});
/** As much of a name as is kept, without control characters. */
const name = z
  .string()
  .transform((text) =>
    text
      .replaceAll(/\p{Cc}/gu, '')
      .slice(0, 256)
      .toWellFormed(),
  )
  .refine((text) => text !== '', 'must not be empty');

/** A row as a cloud's code gives it. It is the engine's boundary: one row that is not so, and nothing of its days counts. */
const rowSchema = z.object({
  day: z.string().refine(isDay, 'must be a day'),
  service: name,
  region: name,
  currency: z.string().regex(/^[A-Z]{3}$/),
  amount: decimal,
  credits: decimal.optional(),
  estimated: z.boolean(),
});

/** What one service cost in one place on one day in one currency. */
export const keptRow = z.object({
  service: z.string(),
  region: z.string(),
  currency: z.string(),
  amount: z.string(),
  credits: z.string().optional(),
  estimated: z.boolean(),
});
export type KeptRow = z.infer<typeof keptRow>;

/** What a cloud answered is not what it promises. */
export class UnexpectedCostsError extends Error {
  override readonly name = 'UnexpectedCostsError';
}

/** The rows of a span, summed up by day, service, region and currency: each thing once, however often it was said. */
export class DailyRows {
  readonly #days: Days;
  readonly #byDay = new Map<string, Map<string, KeptRow[]>>();

  constructor(days: Days) {
    this.#days = days;
  }

  /** @throws UnexpectedCostsError for a row that is malformed, or of another day than was asked for. */
  add(rows: readonly CostRow[]): void {
    for (const given of rows) {
      const parsed = rowSchema.safeParse(given);
      if (!parsed.success) throw new UnexpectedCostsError('A row of costs does not have its shape.');
      const { day, ...row } = parsed.data;
      if (day < this.#days.from || day >= this.#days.to) throw new UnexpectedCostsError('A row is of another day.');
      const ofDay = this.#byDay.get(day) ?? new Map<string, KeptRow[]>();
      this.#byDay.set(day, ofDay);
      const key = JSON.stringify([row.service, row.region, row.currency]);
      const same = ofDay.get(key) ?? [];
      ofDay.set(key, same);
      same.push(row);
    }
  }

  /** Days that have rows. */
  get days(): readonly string[] {
    return [...this.#byDay.keys()].sort();
  }

  /** Rows of a day in the order service, region, currency: the same rows make the same text. */
  of(day: string): readonly KeptRow[] {
    const groups = [...(this.#byDay.get(day) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return groups.flatMap(([, [first, ...same]]) =>
      first === undefined ? [] : [{ ...first, ...summed([first, ...same]) }],
    );
  }
}

/** The exact sum of rows of one currency. */
export function summed(
  rows: readonly Pick<KeptRow, 'amount' | 'credits' | 'estimated'>[],
): Pick<KeptRow, 'amount' | 'credits' | 'estimated'> {
  const credits = rows.flatMap((row) => row.credits ?? []);
  return {
    amount: sumOf(rows.map(({ amount }) => amount)),
    ...(credits.length > 0 ? { credits: sumOf(credits) } : {}),
    estimated: rows.some(({ estimated }) => estimated),
  };
}

/** Sums by currency, in its order: two currencies are never added up. */
export function sumsOf(
  rows: readonly (Pick<KeptRow, 'amount' | 'credits' | 'estimated'> & { currency: string })[],
): CostSum[] {
  return [...Map.groupBy(rows, ({ currency }) => currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, same]) => ({ currency, ...summed(same) }));
}

/** The same for the same rows. */
export const contentOfRows = (rows: readonly KeptRow[]): string =>
  hash(
    'sha256',
    JSON.stringify(
      rows.map((row) => [row.service, row.region, row.currency, row.amount, row.credits ?? null, row.estimated]),
    ),
    'base64url',
  ).slice(0, 22);
