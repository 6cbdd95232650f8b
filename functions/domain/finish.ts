import type { Value } from './conditions.ts';
import { absent, allOf, equal, holding } from './conditions.ts';
import { type EventPorts, syncFinished } from './events.ts';
import type { CellCounts, JobItem, JobOutcome, ProviderItem, Totals } from './items.ts';
import { jobItem, scanItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { JobKind } from './messages.ts';
import { activeAttribute, dueNext, idle, ofKind, quietUntil } from './of-kind.ts';
import { isoTime, type Table } from './ports.ts';
import { parseItem, queryAll, readProvider } from './provider.ts';
import { REGIONS } from './scan-row.ts';
import { nextJobAt, QUIET_MS } from './schedule.ts';
import { readPlan } from './stored-plan.ts';
import { readReports, Tally } from './task-report.ts';

export interface FinishPorts extends EventPorts {
  readonly table: Table;
}

/** Takes a task's number out of its job; whoever sees the set empty finishes the job. Done twice, it does no harm. */
export async function join(
  ports: FinishPorts,
  ref: ProviderRef,
  kind: JobKind,
  job: number,
  task: number,
): Promise<void> {
  const written = await ports.table.update(keys.job(ref, job), {
    takeOut: { pending: task },
    condition: holding('pending', task),
  });
  // Refused: the answer of an earlier try was lost, or another copy of the message was here. The row knows.
  if (written.item === undefined) return;
  const row = parseItem(jobItem, written.item);
  if (row.pending.size === 0) await joinIsComplete(ports, ref, kind, row);
}

/** All tasks have joined: the job row becomes final, then the provider. */
export async function joinIsComplete(ports: FinishPorts, ref: ProviderRef, kind: JobKind, job: JobItem): Promise<void> {
  if (job.outcome !== undefined) return finishProvider(ports, ref, kind, job);
  if (kind === 'costs') {
    const totals = await reportsOf(ports.table, ref, job);
    return endJob(ports, ref, kind, job.job, { outcome: outcomeOfCosts(totals), totals, by: 'join' });
  }
  const [totals, regions] = await Promise.all([
    reportsOf(ports.table, ref, job),
    ports.table.get(keys.scan(ref, 'global', REGIONS)),
  ]);
  // The list of regions is the plan's own question; refused, the inventory is not known to be whole.
  const cell = regions === undefined ? undefined : parseItem(scanItem, regions).cells[REGIONS];
  const asked = cell?.outcome === 'collected';
  const cells = cell === undefined || asked ? [totals.cells] : [totals.cells, { [cell.outcome]: 1 }];
  // A retry of what had failed leaves alone what is known: it is no failure while that is something.
  const known = job.scope === 'failed' ? await knownNow(ports.table, ref, job) : undefined;
  const collected =
    known === undefined ? (totals.cells.collected ?? 0) : (known.cells.collected ?? 0) - (asked ? 1 : 0);
  await endJob(ports, ref, kind, job.job, { outcome: outcomeOf(collected, cells), totals, by: 'join' });
}

/** A job that collected nothing at all is `failed`: nothing is known of the account. */
function outcomeOf(collected: number, cells: readonly CellCounts[]): JobOutcome {
  if (collected === 0) return 'failed';
  const missing = cells.some((of) => (of.denied ?? 0) + (of.throttled ?? 0) + (of.failed ?? 0) > 0);
  return missing ? 'partial' : 'succeeded';
}

/** Nothing to read is no failure; days that were read before the source failed are a part. */
function outcomeOfCosts({ cells, found }: Totals): JobOutcome {
  if ((cells.collected ?? 0) + (cells.not_enabled ?? 0) > 0) return 'succeeded';
  return found > 0 ? 'partial' : 'failed';
}

/** All that tasks report once they have joined; what is known so far before. */
async function reportsOf(table: Table, ref: ProviderRef, job: Pick<JobItem, 'job' | 'calls'>): Promise<Totals> {
  return ((await readReports(table, ref, job)) ?? new Tally()).totals();
}

/** How a job is ended: by its join, or from outside, when old workers may still be at work for a while. */
export interface Ending {
  readonly outcome: JobOutcome;
  readonly by: 'join' | 'outside';
  /** Absent: what the tasks have reported so far. */
  readonly totals?: Totals;
  /** Safe to show. */
  readonly error?: string;
}

/**
 * Makes the job row final (once; also where there is none yet), then frees the provider. Who comes second goes on to
 * the provider with the outcome that is stored.
 */
export async function endJob(
  ports: FinishPorts,
  ref: ProviderRef,
  kind: JobKind,
  job: number,
  ending: Ending,
): Promise<void> {
  const provider = await readProvider(ports.table, ref);
  const running = provider === undefined ? undefined : ofKind(provider, kind).running;
  const totals = ending.totals ?? (await reportsOf(ports.table, ref, { job }));
  const written = await ports.table.update(keys.job(ref, job), {
    set: {
      v: 1,
      job,
      kind,
      outcome: ending.outcome,
      finished_at: isoTime(ports.clock.now()),
      ended_by: ending.by,
      error: ending.error,
      totals,
    },
    setOnce: {
      trigger: running?.trigger ?? 'schedule',
      started_at: running?.since ?? isoTime(ports.clock.now()),
      tasks: 0,
    },
    condition: absent('outcome'),
  });
  await finishProvider(ports, ref, kind, parseItem(jobItem, written.item ?? {}));
}

/**
 * Tells of a job that is final, then frees its provider: its status and counts, and when it is due next. Safe to repeat;
 * the event is published again by whoever comes before the provider is free.
 */
export async function finishProvider(ports: FinishPorts, ref: ProviderRef, kind: JobKind, job: JobItem): Promise<void> {
  const active = activeAttribute(kind);
  let heard = false;
  for (;;) {
    const [provider, known] = await Promise.all([readProvider(ports.table, ref), knownNow(ports.table, ref, job)]);
    if (provider?.[active] !== job.job) return;
    if (!heard) {
      const told = kind === 'costs' ? { cells: job.totals?.cells ?? {}, resource_count: undefined } : known;
      const { resource_count, cells } = told ?? { resource_count: undefined, cells: {} };
      await syncFinished(ports, ref, provider, job, { resource_count, coverage: cells });
      heard = true;
    }
    const now = ports.clock.now();
    const due = dueNext(ref, provider, kind, nextJobAt(ref, provider, kind, now));
    const written = await ports.table.update(keys.provider(ref), {
      set: {
        // The provider's status and counts follow inventory jobs only.
        ...(kind === 'inventory' ? afterInventory(provider, job, known) : {}),
        ...(job.ended_by === 'outside' ? quietUntil(kind, now + QUIET_MS) : {}),
        ...(provider.state === 'connected' ? due.set : {}),
      },
      remove: idle(kind),
      // A provider that is being disconnected meanwhile must not be given another due time: look again.
      condition: allOf(equal(active, job.job), equal('state', provider.state), due.unmoved),
    });
    if (written.applied) return;
  }
}

/** What a final inventory job leaves on its provider's row. */
function afterInventory(
  provider: ProviderItem,
  job: JobItem,
  known: Known | undefined,
): Record<string, Value | undefined> {
  const counted = job.outcome === 'succeeded' || job.outcome === 'partial';
  return {
    status: statusAfter(provider, job),
    ...known,
    complete: known?.complete ?? provider.complete,
    last_synced_at: counted ? job.started_at : undefined,
    last_full_sync_at: counted && job.scope === 'all' ? job.started_at : undefined,
    last_complete_sync_at: counted && known?.complete === true ? job.started_at : undefined,
  };
}

function statusAfter(provider: ProviderItem, job: JobItem): ProviderItem['status'] {
  if (job.outcome === 'succeeded' || job.outcome === 'partial') return 'synced';
  // Stalled or cancelled: what it had collected counts. One that did nothing is no word on the account when cancelled.
  const reached = job.ended_by === 'outside' && (job.totals?.cells.collected ?? 0) > 0 ? 'synced' : 'error';
  if (job.outcome === 'failed') return reached;
  return provider.status === 'syncing' && provider.state === 'connected' ? reached : provider.status;
}

interface Known {
  readonly resource_count: number;
  readonly cells: CellCounts;
  readonly complete: boolean;
}

/** What the ledger knows now, over the scans of the job's plan: counts are summed, never carried forward. */
async function knownNow(table: Table, ref: ProviderRef, job: JobItem): Promise<Known | undefined> {
  if (job.plan === undefined) return undefined;
  const [plan, rows] = await Promise.all([readPlan(table, ref, job.plan), queryAll(table, keys.scans(ref))]);
  const planned = new Set(plan.scans.flat().map(([collector, scope]) => `${scope}#${collector}`));
  const cells: CellCounts = {};
  let resource_count = 0;
  let complete = true;
  let seen = 0;
  for (const item of rows) {
    const row = parseItem(scanItem, item);
    const isPlanned = planned.has(`${row.scope}#${row.collector}`);
    if (!isPlanned && row.collector !== REGIONS) continue;
    if (row.torn !== undefined) complete = false;
    for (const cell of Object.values(row.cells)) {
      if (cell.outcome !== 'collected') complete = false;
      cells[cell.outcome] = (cells[cell.outcome] ?? 0) + 1;
      if (!isPlanned) continue;
      seen += 1;
      resource_count += cell.count;
    }
  }
  // Cells of scans that no job has come to yet: not known, so not left out.
  const unseen = plan.cells - seen;
  if (unseen > 0) cells.failed = (cells.failed ?? 0) + unseen;
  return { resource_count, cells, complete: complete && unseen <= 0 };
}
