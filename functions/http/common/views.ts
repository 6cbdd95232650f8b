import type * as z from 'zod';
import type { Told } from '../../domain/changes.ts';
import type { Spent } from '../../domain/cost-source.ts';
import type { CoverageRow } from '../../domain/coverage.ts';
import type { CallCounts, CostSum, ProviderItem } from '../../domain/items.ts';
import type { JobView } from '../../domain/job-view.ts';
import { jobOfStamp, resourceKey } from '../../domain/keys.ts';
import type { CostGroup, CostStanding, CostsPage } from '../../domain/list-costs.ts';
import type { Listed } from '../../domain/listed.ts';
import type {
  changeSchema,
  costsSchema,
  coverageSchema,
  inventoryResourceSchema,
  JobWire,
  jobDetailSchema,
  ProviderWire,
  resourceDetailSchema,
} from './answers.ts';
import type { CostSpan } from './cost-span.ts';

/** RFC 3339 in whole seconds, as the wire has it. */
export const wireTime = (time: string): string => `${time.slice(0, 19)}Z`;
export const wireTimeOrNull = (time: string | undefined): string | null => (time === undefined ? null : wireTime(time));

/** A provider as the API shows it: never its account's secret, nor where that is kept. */
export function providerWire(provider: ProviderItem): ProviderWire {
  const synced = provider.last_synced_at;
  return {
    id: provider.id,
    name: provider.name,
    type: provider.cloud,
    status: provider.active_inventory === undefined ? provider.status : 'syncing',
    // Before the first sync has ended nothing is known, and a number would say something.
    resource_count: synced === undefined ? 0 : provider.resource_count,
    last_synced_at: wireTimeOrNull(synced),
    created_at: wireTime(provider.created_at),
    complete: provider.complete,
    last_complete_sync_at: wireTimeOrNull(provider.last_complete_sync_at),
    coverage: provider.cells ?? {},
    ...(provider.disconnected_at === undefined ? {} : { disconnected_at: wireTime(provider.disconnected_at) }),
  };
}

export function jobWire(job: JobView): JobWire {
  const { cells, found, created, updated, removed, api_calls } = job.totals;
  return {
    job_id: job.number,
    kind: job.kind,
    trigger: job.trigger,
    scope: job.scope,
    status: job.status,
    cells: { done: job.cellsDone, total: job.cellsTotal },
    coverage: cells,
    resources: { found, created, updated, removed },
    api_calls,
    started_at: wireTime(job.startedAt),
    finished_at: wireTimeOrNull(job.finishedAt),
    error: job.error ?? null,
  };
}

/** A job with its ledger of calls, in the order service, operation, outcome. */
export const jobDetailWire = (job: JobView): z.input<typeof jobDetailSchema> => ({
  ...jobWire(job),
  calls: callsWire(job.calls),
});

function callsWire(calls: CallCounts) {
  return Object.entries(calls)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => {
      const [service = '', operation = '', ...outcome] = key.split(' ');
      return { service, operation, outcome: outcome.join(' '), count };
    });
}

export function coverageWire(row: CoverageRow): z.input<typeof coverageSchema> {
  return {
    service: row.service,
    region: row.region,
    type: row.type,
    cells: row.cells,
    outcome: row.outcome,
    count: row.count,
    last_complete_at: wireTimeOrNull(row.lastCompleteAt),
    duration_ms: row.durationMs ?? null,
    error_code: row.errorCode ?? null,
    permission: row.permission ?? null,
    denied_by: row.deniedBy ?? null,
    torn: row.torn,
  };
}

export function resourceWire(listed: Listed): z.input<typeof inventoryResourceSchema> {
  const { resource } = listed;
  return {
    ...resource,
    key: listed.key,
    status: listed.removedAt === undefined ? resource.status : 'deleted',
    created_at: resource.created_at ?? null,
    first_seen_at: wireTime(listed.firstSeenAt),
    last_seen_at: wireTimeOrNull(listed.lastSeenAt),
    removed_at: wireTimeOrNull(listed.removedAt),
  };
}

/** A resource with what its row remembers of its changes. */
export function resourceDetailWire(listed: Listed): z.input<typeof resourceDetailSchema> {
  const changes = listed.changes.map(({ at, by, kind, fields = [] }) => ({
    at: wireTime(at),
    job_id: jobOfStamp(by),
    kind,
    fields,
  }));
  return { ...resourceWire(listed), changes };
}

export function changeWire(told: Told): z.input<typeof changeSchema> {
  const { kind, type, scope, hash, region, external_id, name, fields = [] } = told;
  const key = resourceKey(type, scope, hash);
  return { at: wireTime(told.at), job_id: told.job, kind, type, region, key, external_id, name, fields };
}

export function costsWire(
  { standing, totals, costs }: CostsPage,
  span: CostSpan,
  groups: readonly CostGroup[],
  budget: Spent,
): z.input<typeof costsSchema> {
  return {
    source: sourceWire(standing, budget),
    ...span,
    group_by: [...groups],
    totals: totals.map(moneyWire),
    costs: costs.map(({ day, service, region, ...sum }) => ({
      date: day,
      ...(service === undefined ? {} : { service }),
      ...(region === undefined ? {} : { region }),
      ...moneyWire(sum),
    })),
  };
}

const moneyWire = ({ currency, amount, credits, estimated }: CostSum) => ({
  currency,
  amount,
  credits: credits ?? null,
  estimated,
});

function sourceWire(standing: CostStanding, budget: Spent): z.input<typeof costsSchema>['source'] {
  const { month, spent } = standing;
  return {
    name: standing.name ?? null,
    outcome: standing.outcome ?? null,
    error_code: standing.errorCode ?? null,
    permission: standing.permission ?? null,
    denied_by: standing.deniedBy ?? null,
    last_read_at: wireTimeOrNull(standing.lastReadAt),
    last_complete_at: wireTimeOrNull(standing.lastCompleteAt),
    from: standing.from ?? null,
    through: standing.through ?? null,
    spend: { month, calls: spent.calls, bytes: spent.bytes, budget: { calls: budget.calls, bytes: budget.bytes } },
  };
}
