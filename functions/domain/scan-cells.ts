import type { CollectorFacts, Failure, Unanswered } from './cloud.ts';
import type { CellCounts, CellItem, ScanItem } from './items.ts';
import { failedCells } from './scan-row.ts';

/** The types that a scan is asked for: those its collector states, and where that is open, all it has met before. */
export function typesOfScan(
  collector: Pick<CollectorFacts, 'types' | 'open'>,
  row: Pick<ScanItem, 'cells'> | undefined,
): readonly string[] {
  return [...new Set([...collector.types, ...(collector.open === true ? Object.keys(row?.cells ?? {}) : [])])];
}

/** Why a type is not answered by a scan whose calls succeed; undefined where it is. */
export function whyNot(unanswered: Unanswered | undefined, type: string): Failure | undefined {
  const { types, others } = unanswered ?? {};
  return types?.[type] ?? (others === undefined || others.answered.includes(type) ? undefined : others.failure);
}

/** What a scan that was read to its end says of its cells. */
export interface Answered {
  /** How many there are, by type. */
  readonly counts: Readonly<Record<string, number>>;
  readonly unanswered: Unanswered | undefined;
  readonly row: ScanItem | undefined;
  /** The job's start. */
  readonly startedAt: string;
  readonly lastFullSyncAt: string | undefined;
}

/** The cells of a scan that was read to its end: a type that it could not answer keeps what it held. */
export function cellsOf({ counts, unanswered, row, startedAt, lastFullSyncAt }: Answered): Record<string, CellItem> {
  const types = new Set([...Object.keys(counts), ...Object.keys(unanswered?.types ?? {})]);
  const cells = [...types].map((type): readonly [string, CellItem | undefined] => {
    const failure = whyNot(unanswered, type);
    if (failure !== undefined) return [type, failedCells([type], row, failure, lastFullSyncAt)[type]];
    return [type, { outcome: 'collected', count: counts[type] ?? 0, stamped_at: startedAt }];
  });
  return Object.fromEntries(cells.flatMap(([type, cell]) => (cell === undefined ? [] : [[type, cell]])));
}

/** How many cells ended how, and how many resources the collected ones hold. */
export function countCells(cells: Readonly<Record<string, CellItem>>): { cells: CellCounts; found: number } {
  const counted: CellCounts = {};
  let found = 0;
  for (const { outcome, count } of Object.values(cells)) {
    counted[outcome] = (counted[outcome] ?? 0) + 1;
    if (outcome === 'collected') found += count;
  }
  return { cells: counted, found };
}
