import type { CollectorFacts, Scopes } from './cloud.ts';
import { absent } from './conditions.ts';
import { packBytes, unpackBytes } from './hashing.ts';
import { type PlanBody, type PlanItem, planBody, planItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { type Durations, isStillGood, packTasks } from './packing.ts';
import type { Table, TableReader } from './ports.ts';
import { parseItem } from './provider.ts';

/** The last plan that was stored, if there is one. */
export async function newestPlan(table: TableReader, ref: ProviderRef): Promise<PlanItem | undefined> {
  const { items } = await table.query({ ...keys.plans(ref), newestFirst: true, limit: 1 });
  return items[0] === undefined ? undefined : parseItem(planItem, items[0]);
}

/**
 * The plan as an item of its own, written only when it differs enough from the last; the two last versions stay.
 * @param newest the last one, read before.
 */
export async function storePlan(
  table: Table,
  ref: ProviderRef,
  newest: PlanItem | undefined,
  collectors: readonly CollectorFacts[],
  scopes: Scopes,
  durations: Durations,
): Promise<{ readonly version: number; readonly body: PlanBody }> {
  const scans = packTasks(collectors, scopes, durations);
  const cells = collectors.reduce((n, c) => n + c.types.length * (scopes.byKind[c.scope]?.length ?? 0), 0);
  const body: PlanBody = { scans, cells };
  for (let last = newest; ; last = await newestPlan(table, ref)) {
    const stored = last === undefined ? undefined : unpackBytes(planBody, last.body);
    if (last !== undefined && stored !== undefined && stored.cells === cells && isStillGood(stored.scans, scans)) {
      return { version: last.version, body: stored };
    }
    const version = (last?.version ?? 0) + 1;
    const written = await table.update(keys.plan(ref, version), {
      set: { v: 1, version, body: packBytes(body) },
      condition: absent('pk'),
    });
    if (!written.applied) continue;
    if (version > 2) await table.remove(keys.plan(ref, version - 2));
    return { version, body };
  }
}

/** Reads a stored plan. @throws StoredItemError when it is gone: no job that runs can outlive two newer plans. */
export async function readPlan(table: TableReader, ref: ProviderRef, version: number): Promise<PlanBody> {
  return unpackBytes(planBody, parseItem(planItem, (await table.get(keys.plan(ref, version))) ?? {}).body);
}
