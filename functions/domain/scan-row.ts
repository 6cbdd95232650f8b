import type { Failure, Scopes } from './cloud.ts';
import { absent, type Condition, equal, type Item } from './conditions.ts';
import { SupersededError } from './errors.ts';
import { type CellItem, type ProviderItem, type ScanItem, scanItem } from './items.ts';
import { keys, type ProviderRef, type ScanId, stampOf } from './keys.ts';
import type { Run } from './messages.ts';
import { ofKind } from './of-kind.ts';
import type { Table, TableReader } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';

/** The ledger row of one scan, as read before anything of it is written. */
export async function readScan(
  table: TableReader,
  ref: ProviderRef,
  scope: string,
  collector: string,
): Promise<ScanItem | undefined> {
  const item = await table.get(keys.scan(ref, scope, collector));
  return item === undefined ? undefined : parseItem(scanItem, item);
}

/** Up to so many rows are read by their keys; where a task has more, all of the provider's are the cheaper read. */
const BY_KEY = 20;

/** The ledger rows of a task's scans, as they stand before anything of them is written. */
export async function readScans<S extends ScanId>(
  table: TableReader,
  ref: ProviderRef,
  scans: readonly S[],
): Promise<ReadonlyMap<S, ScanItem | undefined>> {
  if (scans.length <= BY_KEY) {
    const items = await table.getMany(scans.map(({ scope, collector }) => keys.scan(ref, scope, collector)));
    return new Map(scans.map((scan, n) => [scan, parsed(items[n])]));
  }
  const rows = (await queryAll(table, keys.scans(ref))).map((item) => parseItem(scanItem, item));
  const byId = new Map(rows.map((row) => [`${row.scope}#${row.collector}`, row]));
  return new Map(scans.map((scan) => [scan, byId.get(`${scan.scope}#${scan.collector}`)]));
}

/** The row is still the one that was read: nobody has marked or committed since. Version 0 is a row not there yet. */
export const unchangedSince = (version: number): Condition =>
  version === 0 ? absent('pk') : equal('version', version);

/** Whether all that a scan answers is known and current. */
export const isCollected = (row: ScanItem): boolean =>
  row.torn === undefined &&
  Object.keys(row.cells).length > 0 &&
  Object.values(row.cells).every((cell) => cell.outcome === 'collected');

/** When a cell was last collected completely: its own stamp, or the last full sync that left it collected. */
export function lastComplete(cell: CellItem | undefined, lastFullSyncAt: string | undefined): string | undefined {
  if (cell?.outcome !== 'collected') return cell?.stamped_at;
  if (cell.stamped_at === undefined || lastFullSyncAt === undefined) return cell.stamped_at ?? lastFullSyncAt;
  return cell.stamped_at > lastFullSyncAt ? cell.stamped_at : lastFullSyncAt;
}

/** The cells of a scan that failed: what each held stays counted, and when it was last complete stays known. */
export function failedCells(
  types: readonly string[],
  row: ScanItem | undefined,
  failure: Failure,
  lastFullSyncAt: string | undefined,
): Record<string, CellItem> {
  return Object.fromEntries(
    types.map((type) => {
      const cell = row?.cells[type];
      const stamped_at = lastComplete(cell, lastFullSyncAt);
      const said: CellItem = {
        outcome: failure.outcome,
        count: cell?.count ?? 0,
        error: failure.code,
        ...(stamped_at === undefined ? {} : { stamped_at }),
        ...(failure.permission === undefined ? {} : { permission: failure.permission }),
        ...(failure.deniedBy === undefined ? {} : { denied_by: failure.deniedBy }),
      };
      return [type, said];
    }),
  );
}

/** Whether two ledger rows say the same of every cell: then nothing is written. */
export function sameCells(a: Readonly<Record<string, CellItem>> | undefined, b: Readonly<Record<string, CellItem>>) {
  const said = (cells: Readonly<Record<string, CellItem>>): string =>
    JSON.stringify(
      Object.keys(cells)
        .sort()
        .map((type) => {
          const cell = cells[type];
          return [type, cell?.outcome, cell?.count, cell?.error, cell?.permission, cell?.denied_by];
        }),
    );
  return a !== undefined && said(a) === said(b);
}

/** Who writes a scan's row, and under which stamp. */
export interface ScanWriter {
  readonly table: Table;
  readonly ref: ProviderRef;
  readonly scan: ScanId;
  /** `stampOf(job, attempt)`. */
  readonly stamp: string;
}

const parsed = (item: Item | undefined): ScanItem | undefined =>
  item === undefined ? undefined : parseItem(scanItem, item);

/**
 * Marks the scan before its first row is written, so that a crash in between leaves a scan that matches no digest.
 * @returns the row's version from now on. @throws SupersededError when the row has moved on.
 */
export async function markScan({ table, ref, scan, stamp }: ScanWriter, version: number): Promise<number> {
  const written = await table.update(keys.scan(ref, scan.scope, scan.collector), {
    set: { v: 1, ...scan, torn: stamp, by: stamp, version: version + 1 },
    setOnce: { cells: {} },
    condition: unchangedSince(version),
  });
  const stored = parsed(written.item);
  const mine = stored?.torn === stamp && stored.version === version + 1;
  if (!written.applied && !mine) throw new SupersededError('Another worker has this scan.');
  return version + 1;
}

/** Says what a complete scan came to, and takes its mark away. @throws SupersededError when the row has moved on. */
export async function commitScan(
  { table, ref, scan, stamp }: ScanWriter,
  version: number,
  said: Pick<ScanItem, 'cells' | 'gaps'> & {
    readonly digest: string;
    readonly prints: readonly Run[];
    readonly written: NonNullable<ScanItem['written']>;
    readonly duration_ms: number;
  },
): Promise<void> {
  const { prints, ...rest } = said;
  const written = await table.update(keys.scan(ref, scan.scope, scan.collector), {
    set: {
      v: 1,
      ...scan,
      by: stamp,
      committed: stamp,
      version: version + 1,
      ...rest,
      prints: prints.length > 0 ? prints : undefined,
    },
    remove: ['torn', ...(prints.length > 0 ? [] : ['prints']), ...(rest.gaps === true ? [] : ['gaps'])],
    condition: unchangedSince(version),
  });
  if (written.applied) return;
  const stored = parsed(written.item);
  const mine = stored?.committed === stamp && stored.torn === undefined && stored.digest === said.digest;
  if (!mine) throw new SupersededError('The scan row has moved on.');
}

/**
 * Who has written rows and must stop leaves the scan marked, so that the next one compares with the rows; not where it
 * still bears the writer's own mark.
 */
export async function tearScan({ table, ref, scan, stamp }: ScanWriter, mark: string): Promise<void> {
  for (;;) {
    const row = await readScan(table, ref, scan.scope, scan.collector);
    if (row === undefined || row.torn === mark) return;
    const written = await table.update(keys.scan(ref, scan.scope, scan.collector), {
      // A mark that is nobody's: no worker may take it for its own.
      set: { torn: `again:${stamp}`, version: row.version + 1 },
      condition: unchangedSince(row.version),
    });
    if (written.applied) return;
  }
}

/** The ledger's row for the list of regions itself: a denial there means that whole regions may be missing. */
export const REGIONS = 'regions';

/** Says in the ledger whether the scopes could be asked; written only when that changes. @param row what it said so far. */
export async function writeRegionsRow(
  table: Table,
  ref: ProviderRef,
  row: ScanItem | undefined,
  job: number,
  provider: ProviderItem,
  scopes: Scopes,
): Promise<void> {
  const count = new Set(
    Object.values(scopes.byKind)
      .flat()
      .filter((scope) => scope !== 'global'),
  ).size;
  const cells: Record<string, CellItem> =
    scopes.failure === undefined
      ? {
          [REGIONS]: {
            outcome: 'collected',
            count,
            stamped_at: ofKind(provider, 'inventory').running?.since ?? provider.created_at,
          },
        }
      : failedCells([REGIONS], row, scopes.failure, provider.last_full_sync_at);
  if (sameCells(row?.cells, cells)) return;
  const version = row?.version ?? 0;
  // Refused: another run of the same plan wrote it; both saw the same cloud.
  await table.update(keys.scan(ref, 'global', REGIONS), {
    set: { v: 1, collector: REGIONS, scope: 'global', version: version + 1, by: stampOf(job, 0), cells },
    condition: unchangedSince(version),
  });
}
