import type { CollectorFacts, DeniedBy, Outcome } from './cloud.ts';
import type { CellItem, ScanItem } from './items.ts';
import type { ProviderRef } from './keys.ts';
import { type Ledger, type LedgerCell, readLedger } from './ledger.ts';
import { isRegional } from './listed.ts';
import type { PageRequest } from './page.ts';
import type { TableReader } from './ports.ts';
import { lastComplete, REGIONS } from './scan-row.ts';

/** One row of the coverage ledger: what is known of one type in one region. */
export interface CoverageRow {
  readonly service: string;
  readonly region: string;
  readonly type: string;
  /** Cells that the row stands for: 1, but for the one row of a region that a policy denies. */
  readonly cells: number;
  readonly outcome: Outcome | 'out_of_scope';
  readonly count: number;
  /** RFC 3339 with milliseconds. */
  readonly lastCompleteAt: string | undefined;
  /** What its scan took when it last wrote; cells of one scan share it. */
  readonly durationMs: number | undefined;
  readonly errorCode: string | undefined;
  readonly permission: string | undefined;
  readonly deniedBy: DeniedBy | undefined;
  /** A sync was stopped while it wrote: the listing is ahead of the count until the next one has been through. */
  readonly torn: boolean;
}

export interface CoverageFilter {
  readonly type?: string | undefined;
  readonly region?: string | undefined;
  readonly outcome?: CoverageRow['outcome'] | undefined;
}

export interface CoveragePage {
  readonly rows: readonly CoverageRow[];
  /** Service, region and type of the last row, when there are more behind it. */
  readonly next: readonly string[] | undefined;
  readonly total: number;
}

/** Service of the row that says whether the regions themselves could be listed, and its region. */
const ACCOUNT = 'account';
/** Stands for every service, and every type, of a region that a policy denies. */
const ANY = '*';
/** The error of a cell that is planned and that no sync has come to, or not to its end. */
const NOT_SCANNED = 'NOT_SCANNED';

/**
 * One page of the ledger in the order service, region, type. It has a row for every cell that is planned, also where no
 * scan has come to it, and one for every cell that has left the plan: nothing is silently absent.
 */
export async function listCoverage(
  table: TableReader,
  of: {
    readonly ref: ProviderRef;
    readonly collectors: readonly CollectorFacts[];
    readonly lastFullSyncAt: string | undefined;
  },
  filter: CoverageFilter,
  page: PageRequest,
): Promise<CoveragePage> {
  const ledger = await readLedger(table, of.ref, of.collectors);
  const rows = rowsOf(ledger, of.collectors, of.lastFullSyncAt);
  // Who asks for one type wants its own row, also in a region that is denied as a whole.
  const shown = (filter.type === undefined ? deniedRegionsAsOne(rows, regionalServices(of.collectors)) : rows)
    .filter(
      (row) =>
        (filter.type === undefined || row.type === filter.type) &&
        (filter.region === undefined || row.region === filter.region) &&
        (filter.outcome === undefined || row.outcome === filter.outcome),
    )
    .sort((a, b) => compare(placeOf(a), placeOf(b)));
  const { after, limit } = page;
  const behind = after === undefined ? shown : shown.filter((row) => compare(placeOf(row), after) > 0);
  const rest = behind.slice(0, limit);
  const last = rest.at(-1);
  const next = last !== undefined && behind.length > rest.length ? placeOf(last) : undefined;
  return { rows: rest, next, total: shown.length };
}

const placeOf = ({ service, region, type }: CoverageRow): readonly string[] => [service, region, type];

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, n) => part !== b[n]);
  if (at < 0) return 0;
  return (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}

function rowsOf(
  { cells, regions }: Ledger,
  collectors: readonly CollectorFacts[],
  lastFullSyncAt: string | undefined,
): readonly CoverageRow[] {
  const services = new Map(collectors.map(({ name, service }) => [name, service]));
  const rows = cells.map((known): CoverageRow => {
    const place = { service: services.get(known.collector) ?? 'unknown', region: known.scope, type: known.type };
    return { ...place, cells: 1, ...stateOf(known, lastFullSyncAt) };
  });
  const cell = regions?.cells[REGIONS];
  if (regions === undefined || cell === undefined) return rows;
  const said = saidBy(regions, cell, lastFullSyncAt);
  return [...rows, { service: ACCOUNT, region: regions.scope, type: REGIONS, cells: 1, ...said }];
}

type State = Omit<CoverageRow, 'service' | 'region' | 'type' | 'cells'>;

function stateOf({ row, cell, planned }: LedgerCell, lastFullSyncAt: string | undefined): State {
  const torn = row?.torn !== undefined;
  if (planned && row !== undefined && cell !== undefined) return saidBy(row, cell, lastFullSyncAt);
  if (planned) return { ...NOTHING, outcome: 'failed', errorCode: NOT_SCANNED, torn };
  // What it held is neither current nor gone, and is not counted; the last full sync had no part in it.
  return { ...NOTHING, outcome: 'out_of_scope', lastCompleteAt: cell?.stamped_at, torn };
}

const NOTHING = {
  count: 0,
  lastCompleteAt: undefined,
  durationMs: undefined,
  errorCode: undefined,
  permission: undefined,
  deniedBy: undefined,
} as const;

function saidBy(row: ScanItem, cell: CellItem, lastFullSyncAt: string | undefined): State {
  return {
    outcome: cell.outcome,
    count: cell.count,
    lastCompleteAt: lastComplete(cell, lastFullSyncAt),
    durationMs: row.duration_ms,
    errorCode: cell.error,
    permission: cell.permission,
    deniedBy: cell.denied_by,
    torn: row.torn !== undefined,
  };
}

const regionalServices = (collectors: readonly CollectorFacts[]): ReadonlySet<string> =>
  new Set(collectors.filter(isRegional).map(({ service }) => service));

/**
 * A region in which an organisation's policy denies all that exists there is one row: a hundred of the same would hide
 * the others. No single permission is missing then, so the row names none.
 */
function deniedRegionsAsOne(rows: readonly CoverageRow[], regional: ReadonlySet<string>): readonly CoverageRow[] {
  const byRegion = Map.groupBy(
    rows.filter((row) => regional.has(row.service)),
    ({ region }) => region,
  );
  const merged = [...byRegion.values()].flatMap((cells) => {
    const denied = cells.filter(({ deniedBy, outcome }) => outcome === 'denied' && deniedBy === 'scp');
    const [first] = denied;
    const others = cells.filter((cell) => !denied.includes(cell));
    const whole = denied.length > 1 && others.every(({ outcome }) => outcome === 'not_enabled');
    return whole && first !== undefined ? [{ denied, row: regionRow(first, denied) }] : [];
  });
  const gone = new Set(merged.flatMap(({ denied }) => denied));
  return [...rows.filter((row) => !gone.has(row)), ...merged.map(({ row }) => row)];
}

function regionRow(first: CoverageRow, cells: readonly CoverageRow[]): CoverageRow {
  const times = cells.map(({ lastCompleteAt }) => lastCompleteAt);
  return {
    ...first,
    service: ANY,
    type: ANY,
    cells: cells.length,
    count: cells.reduce((n, { count }) => n + count, 0),
    // As old as the oldest of them.
    lastCompleteAt: times.includes(undefined) ? undefined : times.sort()[0],
    durationMs: undefined,
    permission: undefined,
    torn: cells.some(({ torn }) => torn),
  };
}
