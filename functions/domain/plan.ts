import type { CollectorFacts, Scopes } from './cloud.ts';
import { absent } from './conditions.ts';
import { providerConnected } from './events.ts';
import { type FinishPorts, finishProvider, joinIsComplete } from './finish.ts';
import { type JobItem, jobItem, type PlanBody, type ProviderItem, type ScanItem, scanItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { SyncRequest } from './messages.ts';
import { ofKind } from './of-kind.ts';
import type { Table, TaskQueues } from './ports.ts';
import { mayGoOn, parseItem, queryAll, readProvider } from './provider.ts';
import { isCollected, REGIONS, writeRegionsRow } from './scan-row.ts';
import { newestPlan, storePlan } from './stored-plan.ts';

export interface PlanPorts extends FinishPorts {
  readonly tasks: TaskQueues;
  /** A cloud's collectors. */
  collectors(cloud: string): readonly CollectorFacts[];
  /** The scopes to scan now; never throws: what could not be asked comes as a failure with defaults. */
  scopes(provider: ProviderItem): Promise<Scopes>;
}

/**
 * Plans a job: its scans, packed into tasks, a job row that counts them, and a message each. Safe to run again at any
 * time: it then sends again what is still pending, from the plan that is stored, and never frees a lease.
 */
export async function planSync(ports: PlanPorts, request: SyncRequest): Promise<void> {
  const ref: ProviderRef = { tenant: request.tenant, id: request.provider };
  const provider = await readProvider(ports.table, ref);
  if (provider === undefined || !mayGoOn(provider, request.kind, request.job)) return;

  const job = (await readJob(ports.table, ref, request.job)) ?? (await planJob(ports, ref, provider, request));
  if (job.outcome !== undefined) return finishProvider(ports, ref, request.kind, job);
  if (job.pending.size === 0) return joinIsComplete(ports, ref, request.kind, job);
  await sendTasks(ports, ref, provider, request, job);
}

async function readJob(table: Table, ref: ProviderRef, job: number): Promise<JobItem | undefined> {
  const item = await table.get(keys.job(ref, job));
  return item === undefined ? undefined : parseItem(jobItem, item);
}

function planJob(ports: PlanPorts, ref: ProviderRef, provider: ProviderItem, request: SyncRequest): Promise<JobItem> {
  if (request.kind === 'inventory') return planInventory(ports, ref, provider, request);
  // One source, one cell, one task: what it has to read it finds when it gets there.
  return writeJob(ports, ref, provider, request, { tasks: 1, cells: 1, pending: new Set([1]) });
}

async function planInventory(
  ports: PlanPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  request: SyncRequest,
): Promise<JobItem> {
  const { running } = ofKind(provider, 'inventory');
  // What is stored is read while the cloud is asked.
  const [scopes, items, last] = await Promise.all([
    ports.scopes(provider),
    queryAll(ports.table, keys.scans(ref)),
    newestPlan(ports.table, ref),
  ]);
  // The first job's plan comes at least once after every connect, whatever crashes: so does the event. Behind the
  // question, which must not be asked after a bus that took its time.
  if (running?.trigger === 'connect') await providerConnected(ports, ref, provider, request.job);
  const rows = items.map((item) => parseItem(scanItem, item));
  const durations = new Map(
    rows.flatMap((row) => (row.duration_ms === undefined ? [] : [[`${row.scope}#${row.collector}`, row.duration_ms]])),
  );
  const regions = rows.find(({ scope, collector }) => scope === 'global' && collector === REGIONS);
  const [plan] = await Promise.all([
    storePlan(ports.table, ref, last, ports.collectors(provider.cloud), scopes, durations),
    scopes.fixed === true ? undefined : writeRegionsRow(ports.table, ref, regions, request.job, provider, scopes),
  ]);
  const scope = running?.scope ?? 'all';
  const types = new Map(ports.collectors(provider.cloud).map((collector) => [collector.name, collector.types.length]));
  const open = scope === 'all' ? plan.body.scans : unfinished(rows, plan.body);
  const pending = open.flatMap((scans, n) => (scans.length > 0 ? [n + 1] : []));
  return writeJob(ports, ref, provider, request, {
    plan: plan.version,
    tasks: plan.body.scans.length,
    cells: open.flat().reduce((n, [collector]) => n + (types.get(collector) ?? 1), 0),
    pending: new Set(pending),
    calls: scopes.calls,
  });
}

async function writeJob(
  ports: PlanPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  request: SyncRequest,
  { pending, ...planned }: Pick<JobItem, 'plan' | 'tasks' | 'cells' | 'pending' | 'calls'>,
): Promise<JobItem> {
  const { running } = ofKind(provider, request.kind);
  const written = await ports.table.update(keys.job(ref, request.job), {
    set: {
      v: 1,
      job: request.job,
      kind: request.kind,
      trigger: running?.trigger ?? 'schedule',
      scope: running?.scope ?? 'all',
      started_at: running?.since ?? provider.created_at,
      ...planned,
      // DynamoDB has no empty sets.
      pending: pending.size > 0 ? pending : undefined,
    },
    condition: absent('pk'),
  });
  // Refused: another run of this message was faster, or the job was ended; its row is what counts.
  return parseItem(jobItem, written.item ?? {});
}

/** By task, the scans that were not collected last time: what `{"scope": "failed"}` asks for. */
function unfinished(rows: readonly ScanItem[], body: PlanBody): PlanBody['scans'] {
  const done = new Set(rows.filter(isCollected).map((row) => `${row.scope}#${row.collector}`));
  return body.scans.map((scans) => scans.filter(([collector, scope]) => !done.has(`${scope}#${collector}`)));
}

async function sendTasks(
  ports: PlanPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  request: SyncRequest,
  job: JobItem,
): Promise<void> {
  const { quietUntil } = ofKind(provider, request.kind);
  const quiet = Math.ceil(((Date.parse(quietUntil ?? '') || 0) - ports.clock.now()) / 1000);
  const first = {
    v: 1,
    tenant: ref.tenant,
    provider: ref.id,
    cloud: provider.cloud,
    generation: 0,
    step: 0,
    after: 0,
    retries: 0,
  } as const;
  const messages = [...job.pending]
    .sort((a, b) => a - b)
    .map((task) => ({ ...first, kind: request.kind, job: request.job, task, readings: [] }));
  await ports.tasks
    .to(provider.cloud)
    .send(messages, { fairness: ref.tenant, ...(quiet > 0 ? { delaySeconds: quiet } : {}) });
  ports.log.info('Planned a sync.', { provider: ref.id, job: request.job, tasks: messages.length });
}
