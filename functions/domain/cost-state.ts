import type { Failure } from './cloud.ts';
import { absent, anyOf, below, equal, type Value } from './conditions.ts';
import { SupersededError } from './errors.ts';
import { type CostSourceItem, costSourceItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { Table, TableReader } from './ports.ts';
import { parseItem } from './provider.ts';

/** How a source stands; undefined before it was ever tried. */
export async function readCostSource(
  table: TableReader,
  ref: ProviderRef,
  source: string,
): Promise<CostSourceItem | undefined> {
  const item = await table.get(keys.costSource(ref, source));
  return item === undefined ? undefined : parseItem(costSourceItem, item);
}

/** Who writes a source's row: `stampOf(job, attempt)`, and the start of its job. */
export interface CostWriter {
  readonly table: Table;
  readonly ref: ProviderRef;
  readonly source: string;
  readonly stamp: string;
  readonly startedAt: string;
}

/** Says that these days are known now; `complete`: they are the last that the job was to read. */
export const sayRead = (
  writer: CostWriter,
  days: { readonly from: string; readonly through: string; readonly complete: boolean },
): Promise<void> =>
  write(
    writer,
    {
      outcome: 'collected',
      through: days.through,
      complete_at: days.complete ? writer.startedAt : undefined,
    },
    { from: days.from },
    ['error', 'permission', 'denied_by'],
  );

/** Says why the source could not be read; the days that are known stay so. */
export function sayFailed(writer: CostWriter, failure: Failure): Promise<void> {
  const said = { error: failure.code, permission: failure.permission, denied_by: failure.deniedBy };
  const silent = Object.entries(said).flatMap(([name, value]) => (value === undefined ? [name] : []));
  return write(writer, { outcome: failure.outcome, ...said }, {}, silent);
}

/** @throws SupersededError where a later worker has written. */
async function write(
  { table, ref, source, stamp, startedAt }: CostWriter,
  set: Readonly<Record<string, Value | undefined>>,
  setOnce: Readonly<Record<string, Value>>,
  remove: readonly string[],
): Promise<void> {
  const written = await table.update(keys.costSource(ref, source), {
    set: { v: 1, by: stamp, read_at: startedAt, ...set },
    setOnce,
    remove,
    condition: anyOf(absent('by'), below('by', stamp), equal('by', stamp)),
  });
  if (!written.applied) throw new SupersededError('A later worker has read the costs.');
}
