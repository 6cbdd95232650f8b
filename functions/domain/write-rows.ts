import { type ChangeLog, fieldsChanged } from './change-log.ts';
import { absent, allOf, anyOf, below, present } from './conditions.ts';
import { SupersededError } from './errors.ts';
import { contentOf, type Fingerprint, packResource, type RowChange, unpackResource } from './hashing.ts';
import { type ResourceItem, resourceItem } from './items.ts';
import { jobOfStamp, keys, type ProviderRef, placeOfResource, type ScanId } from './keys.ts';
import type { Lanes } from './lanes.ts';
import type { Table } from './ports.ts';
import { parseItem } from './provider.ts';
import type { Resource } from './resource.ts';

/** Changes that a row remembers. */
const REMEMBERED = 3;

export interface RowContext {
  readonly table: Table;
  readonly ref: ProviderRef;
  readonly scan: ScanId;
  /** Writes in flight at a time in one invocation. */
  readonly writes: Lanes;
  /** Who writes: `stampOf(job, attempt)`. */
  readonly stamp: string;
  /** The job's start: every time that it stores. */
  readonly startedAt: string;
  /** Stamp of the scan's last commit: rows with a later one are of somebody who did not commit. */
  readonly committed: string;
  /** Rows with a later stamp are of an earlier try of this very link; undefined where there was none. */
  readonly triedAfter: string | undefined;
  /** Whether a type has been complete before: its first complete collection is a baseline without change entries. */
  readonly isBaseline: (type: string) => boolean;
  /** When a type was last complete before this scan: that is when a gone resource was last seen. */
  readonly lastSeenAt: (type: string) => string | undefined;
}

/** A resource as it was read, with what a comparison needs. */
export interface Found {
  readonly resource: Resource;
  readonly print: Fingerprint;
}

export interface Written {
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
}

/** What is to be done with one row, and what the history is told of it. */
export interface RowPlan {
  readonly write: (() => Promise<void>) | undefined;
  readonly changes: readonly RowChange[];
  readonly counts: keyof Written | undefined;
  readonly of: { readonly resource: Resource; readonly hash: string };
}

/** A resource that exists, and the row that stands for it (undefined: there is none). */
export function planFound(context: RowContext, { resource, print }: Found, row: ResourceItem | undefined): RowPlan {
  const of = { resource, hash: print.hash };
  const content = contentOf(print);
  if (row !== undefined && row.stamp > context.stamp) throw new SupersededError('A later worker wrote a row.');
  if (row !== undefined && row.removed_at === undefined && row.content === content) {
    return { write: undefined, ...retold(context, resource.type, row, context.triedAfter), of };
  }
  const before = row === undefined ? undefined : unpackResource(resource.type, row.doc);
  const isNew = row === undefined || row.removed_at !== undefined;
  const change: RowChange = {
    by: context.stamp,
    at: context.startedAt,
    ...(isNew || before === undefined
      ? { kind: 'created' }
      : { kind: 'changed', fields: fieldsChanged(before.resource, resource) }),
  };
  const own = context.isBaseline(resource.type) ? [] : [change];
  const remembered = [...own, ...(before?.changes ?? [])].slice(0, REMEMBERED);
  const told = row === undefined ? [] : retold(context, resource.type, row, context.triedAfter).changes;
  const write = async (): Promise<void> => {
    const written = await context.table.update(keys.resource(context.ref, resource.type, context.scan.scope, of.hash), {
      set: {
        v: 1,
        stamp: context.stamp,
        content,
        doc: packResource(resource, remembered),
        // Nobody but a dead worker of this job can have written one meanwhile, and it would say the same.
        first_seen_at: row?.first_seen_at ?? context.startedAt,
      },
      remove: row?.removed_at === undefined ? [] : ['removed_at', 'last_seen_at'],
      condition: anyOf(absent('stamp'), below('stamp', context.stamp)),
      blind: true,
    });
    if (!written.applied) mustBeMine(written.item, context.stamp);
  };
  return { write, changes: [...own, ...told], counts: isNew ? 'created' : 'updated', of };
}

/** A row of a resource that is gone. */
export function planGone(context: RowContext, type: string, row: ResourceItem): RowPlan {
  const { resource, changes } = unpackResource(type, row.doc);
  const { hash } = placeOfResource(row.sk);
  const of = { resource, hash };
  if (row.stamp > context.stamp) throw new SupersededError('A later worker wrote a row.');
  const told = retold(context, type, row, context.triedAfter);
  if (row.removed_at !== undefined) return { write: undefined, ...told, of };
  const change: RowChange = { by: context.stamp, at: context.startedAt, kind: 'vanished' };
  const own = context.isBaseline(type) ? [] : [change];
  const doc = packResource(resource, [...own, ...changes].slice(0, REMEMBERED));
  const write = async (): Promise<void> => {
    const written = await context.table.update(keys.resource(context.ref, type, context.scan.scope, hash), {
      set: {
        stamp: context.stamp,
        removed_at: context.startedAt,
        last_seen_at: context.lastSeenAt(type) ?? row.first_seen_at,
        doc,
      },
      // Only what is there can be gone.
      condition: allOf(present('stamp'), below('stamp', context.stamp)),
      blind: true,
    });
    if (!written.applied) mustBeMine(written.item, context.stamp);
  };
  return { write, changes: [...own, ...told.changes], counts: 'removed', of };
}

function mustBeMine(item: Readonly<Record<string, unknown>> | undefined, stamp: string): void {
  // Refused by my own earlier try, whose answer was lost, is success; and a row that is not there cannot be removed.
  if (item !== undefined && parseItem(resourceItem, item).stamp !== stamp) {
    throw new SupersededError('A later worker wrote a row.');
  }
}

/** What a row with a stamp later than `after` tells of its writer, who did not commit: the history must have it once. */
export function retold(
  context: Pick<RowContext, 'stamp' | 'startedAt'>,
  type: string,
  row: ResourceItem,
  after: string | undefined,
): { readonly changes: readonly RowChange[]; readonly counts: keyof Written | undefined } {
  if (after === undefined || row.stamp <= after) return { changes: [], counts: undefined };
  const changes = unpackResource(type, row.doc).changes.filter(({ by }) => by > after);
  // What an earlier job wrote is not this one's to count.
  if (jobOfStamp(row.stamp) !== jobOfStamp(context.stamp)) return { changes, counts: undefined };
  const isNew = row.first_seen_at === context.startedAt;
  return { changes, counts: row.removed_at !== undefined ? 'removed' : isNew ? 'created' : 'updated' };
}

/** Tells the history of planned rows, and counts them. */
export async function tell(
  log: ChangeLog,
  plans: readonly RowPlan[],
  counts: Record<keyof Written, number>,
): Promise<void> {
  for (const plan of plans) {
    if (plan.counts !== undefined) counts[plan.counts] += 1;
    for (const change of plan.changes) await log.add(change, plan.of);
  }
}
