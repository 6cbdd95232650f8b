import type { CollectorFacts } from './cloud.ts';
import { unpackBytes } from './hashing.ts';
import { type CellItem, type PlanBody, planBody, planItem, type ScanItem, scanItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { TableReader } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';
import { REGIONS } from './scan-row.ts';

/** One type in one scope, as the ledger has it. */
export interface LedgerCell {
  readonly collector: string;
  readonly type: string;
  readonly scope: string;
  /** Its scan's row; undefined while nobody has come to that scan. */
  readonly row: ScanItem | undefined;
  /** What the row says of it; undefined where it says nothing (yet): the scan was begun at most. */
  readonly cell: CellItem | undefined;
  /** Whether the newest plan has its scan. What left the plan is neither current nor gone, and is not counted. */
  readonly planned: boolean;
}

/** All that is known, and what is to be known: the scan rows next to the newest plan. */
export interface Ledger {
  readonly cells: readonly LedgerCell[];
  /** The row for the list of regions itself. */
  readonly regions: ScanItem | undefined;
}

/** Reads the whole ledger: as many rows as there are scans, whatever the number of resources. */
export async function readLedger(
  table: TableReader,
  ref: ProviderRef,
  collectors: readonly CollectorFacts[],
): Promise<Ledger> {
  const [plan, items] = await Promise.all([newestPlan(table, ref), queryAll(table, keys.scans(ref))]);
  const all = items.map((item) => parseItem(scanItem, item));
  const rows = all.filter((row) => row.collector !== REGIONS);
  const planned = (plan?.scans ?? []).flat().map(([collector, scope]) => ({ collector, scope }));
  const isPlanned = new Set(planned.map(textOf));
  const left = rows.filter((row) => !isPlanned.has(textOf(row)));
  const byScan = new Map(rows.map((row) => [textOf(row), row]));
  const typesOf = new Map(collectors.map(({ name, types }) => [name, types]));
  const cells = [...planned, ...left].flatMap(({ collector, scope }) => {
    const row = byScan.get(textOf({ collector, scope }));
    const known = typesOf.get(collector) ?? [];
    const types = new Set([...known, ...Object.keys(row?.cells ?? {})]);
    // A collector that this deployment does not know, and a scan that nobody has come to: its name stands for its type.
    if (types.size === 0) types.add(collector);
    const isIn = isPlanned.has(textOf({ collector, scope }));
    return [...types].map((type) => ({ collector, type, scope, row, cell: row?.cells[type], planned: isIn }));
  });
  return { cells, regions: all.find((row) => row.collector === REGIONS) };
}

const textOf = ({ collector, scope }: { readonly collector: string; readonly scope: string }): string =>
  `${scope}#${collector}`;

/** The plan of the last job that was planned; undefined before the first. */
export async function newestPlan(table: TableReader, ref: ProviderRef): Promise<PlanBody | undefined> {
  const { items } = await table.query({ ...keys.plans(ref), newestFirst: true, limit: 1 });
  const [item] = items;
  return item === undefined ? undefined : unpackBytes(planBody, parseItem(planItem, item).body);
}
