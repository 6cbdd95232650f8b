import type { DeniedBy, Outcome } from './cloud.ts';
import { readCostDays, readRows } from './cost-days.ts';
import { type KeptRow, summed, sumsOf } from './cost-rows.ts';
import type { Days, Spent } from './cost-source.ts';
import { monthOf, readSpend } from './cost-spend.ts';
import { readCostSource } from './cost-state.ts';
import { CursorError } from './errors.ts';
import type { CostDayItem, CostSum } from './items.ts';
import { dayOfCosts, type ProviderRef } from './keys.ts';
import type { PageRequest } from './page.ts';
import type { TableReader } from './ports.ts';

/** What rows of a day are told apart by; the currency always is. */
export const COST_GROUPS = ['service', 'region'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** How a source of costs stands. Times are RFC 3339 with milliseconds, days `YYYY-MM-DD`. */
export interface CostStanding {
  /** Absent: a cloud that bills nobody. */
  readonly name: string | undefined;
  /** Absent: it was not tried yet. */
  readonly outcome: Outcome | undefined;
  readonly errorCode: string | undefined;
  readonly permission: string | undefined;
  readonly deniedBy: DeniedBy | undefined;
  readonly lastReadAt: string | undefined;
  readonly lastCompleteAt: string | undefined;
  /** The first and the last day that are known. */
  readonly from: string | undefined;
  readonly through: string | undefined;
  /** What reading it has taken in this calendar month (UTC). */
  readonly month: string;
  readonly spent: Spent;
}

/** One sum of one day. */
export interface DailyCost extends CostSum {
  readonly day: string;
  readonly service: string | undefined;
  readonly region: string | undefined;
}

export interface CostsPage {
  readonly standing: CostStanding;
  /** Of all days of the span, by currency. */
  readonly totals: readonly CostSum[];
  readonly costs: readonly DailyCost[];
  /** Day and group of the last row, when there are more behind it. */
  readonly next: readonly [string, string] | undefined;
}

/** Why a cloud that bills nobody has no costs. */
const NO_COSTS = 'NO_COSTS';

/**
 * A provider's daily costs, oldest first, grouped as is asked for; two currencies are never added up. A day that is in
 * `from` to `through` of its source and has no row cost nothing.
 * @throws CursorError for a position that none of ours had.
 */
export async function listCosts(
  table: TableReader,
  of: { readonly ref: ProviderRef; readonly source: string | undefined; readonly now: number },
  asked: { readonly days: Days; readonly groups: readonly CostGroup[] },
  page: PageRequest,
): Promise<CostsPage> {
  const { ref, source, now } = of;
  const month = monthOf(now);
  if (source === undefined) return { standing: none(month), totals: [], costs: [], next: undefined };
  const [standing, heads] = await Promise.all([
    standingOf(table, ref, source, month),
    readCostDays(table, { ref, source }, asked.days),
  ]);
  const totals = sumsOf(heads.flatMap(({ sums }) => sums));
  const [fromDay = '', fromGroup = ''] = positionOf(page.after);
  const rows: DailyCost[] = [];
  for (const head of heads) {
    const { day } = dayOfCosts(head.sk);
    if (day < fromDay) continue;
    const ofDay = await grouped(table, { ref, source }, head, asked.groups);
    rows.push(...ofDay.filter((row) => day > fromDay || groupOf(row) > fromGroup));
    if (rows.length > page.limit) break;
  }
  const costs = rows.slice(0, page.limit);
  const last = costs.at(-1);
  const isMore = rows.length > page.limit;
  return { standing, totals, costs, next: isMore && last !== undefined ? [last.day, groupOf(last)] : undefined };
}

function positionOf(after: readonly string[] | undefined): readonly string[] {
  if (after !== undefined && after.length !== 2) throw new CursorError();
  return after ?? [];
}

/** A row's place among those of its day. */
const groupOf = ({ service = '', region = '', currency }: Pick<DailyCost, 'service' | 'region' | 'currency'>): string =>
  [service, region, currency].join('\0');

async function grouped(
  table: TableReader,
  of: { readonly ref: ProviderRef; readonly source: string },
  head: CostDayItem,
  groups: readonly CostGroup[],
): Promise<readonly DailyCost[]> {
  const { day } = dayOfCosts(head.sk);
  if (groups.length === 0) return head.sums.map((sum) => ({ day, service: undefined, region: undefined, ...sum }));
  const rows = await readRows(table, of, head);
  const wanted = (row: KeptRow) => ({
    service: groups.includes('service') ? row.service : undefined,
    region: groups.includes('region') ? row.region : undefined,
    currency: row.currency,
  });
  return [...Map.groupBy(rows, (row) => groupOf(wanted(row)))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...same]]) =>
      first === undefined ? [] : [{ day, ...wanted(first), ...summed([first, ...same]) }],
    );
}

async function standingOf(table: TableReader, ref: ProviderRef, name: string, month: string): Promise<CostStanding> {
  const [state, spent] = await Promise.all([readCostSource(table, ref, name), readSpend(table, ref, name, month)]);
  return {
    name,
    outcome: state?.outcome,
    errorCode: state?.error,
    permission: state?.permission,
    deniedBy: state?.denied_by,
    lastReadAt: state?.read_at,
    lastCompleteAt: state?.complete_at,
    from: state?.from,
    through: state?.through,
    month,
    spent,
  };
}

const none = (month: string): CostStanding => ({
  name: undefined,
  outcome: 'not_enabled',
  errorCode: NO_COSTS,
  permission: undefined,
  deniedBy: undefined,
  lastReadAt: undefined,
  lastCompleteAt: undefined,
  from: undefined,
  through: undefined,
  month,
  spent: { calls: 0, bytes: 0 },
});
