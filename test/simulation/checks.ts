import * as z from 'zod';
import { changeEntry } from '../../functions/domain/change-log.ts';
import { unpackBytes, unpackResource } from '../../functions/domain/hashing.ts';
import {
  jobItem,
  type ProviderItem,
  packItem,
  resourceItem,
  type ScanItem,
  scanItem,
} from '../../functions/domain/items.ts';
import { keys, placeOfResource } from '../../functions/domain/keys.ts';
import { parseItem } from '../../functions/domain/provider.ts';
import { REGIONS } from '../../functions/domain/scan-row.ts';
import { costsAtRest, spendAtRest } from './cost-checks.ts';
import { slotOf, versionOf } from './fake-cloud.ts';
import type { Stored } from './memory/values.ts';
import { providersOf } from './settle.ts';
import { tenantOf, type World } from './world.ts';

/** What a scan holds: the version of each current resource by its slot. */
export type Holding = ReadonlyMap<number, number>;

const pkOf = (row: ProviderItem): string => `T#${tenantOf(row.tenant)}#P#${row.id}`;

/** Current resources of a scan, from its rows. */
export function holdingOf(world: World, provider: ProviderItem, scan: Pick<ScanItem, 'collector' | 'scope'>): Holding {
  const { types } = world.cloud.collectorNamed(scan.collector);
  const holding = new Map<number, number>();
  for (const type of types) {
    for (const item of world.stores.table.partition(`${pkOf(provider)}#R#${type}`)) {
      if (item.removed_at !== undefined || placeOfResource(String(item.sk)).scope !== scan.scope) continue;
      const { slot, version } = opened(type, item);
      holding.set(slot, version);
    }
  }
  return holding;
}

/** Rows are never changed, only replaced: each is opened once. */
const seen = new WeakMap<Stored, { readonly slot: number; readonly version: number }>();

function opened(type: string, item: Stored): { readonly slot: number; readonly version: number } {
  const known = seen.get(item);
  if (known !== undefined) return known;
  const { resource } = unpackResource(type, parseItem(resourceItem, item).doc);
  const one = { slot: slotOf(resource), version: versionOf(resource) };
  seen.set(item, one);
  return one;
}

export function scansOf(world: World, provider: ProviderItem): readonly ScanItem[] {
  return [...world.stores.table.partition(pkOf(provider))]
    .filter(({ sk }) => typeof sk === 'string' && sk.startsWith('SCAN#'))
    .map((item) => parseItem(scanItem, item))
    .filter(({ collector }) => collector !== REGIONS);
}

/** What must hold when things are quiet. @returns what does not. */
export function violationsAtRest(world: World): readonly string[] {
  const found: string[] = [...world.watch.violations];
  const providers = providersOf(world);
  for (const provider of providers) {
    found.push(...statesAtRest(world, provider), ...jobsAtRest(world, provider));
    for (const scan of scansOf(world, provider)) found.push(...scanAtRest(world, provider, scan));
    found.push(...historyAtRest(world, provider), ...eventsAtRest(world, provider), ...costsAtRest(world, provider));
  }
  found.push(...secretsAtRest(world, providers), ...claimsAtRest(world, providers), ...spendAtRest(world, providers));
  return found;
}

function statesAtRest(world: World, provider: ProviderItem): readonly string[] {
  const found: string[] = [];
  const name = `provider ${provider.tenant}/${provider.id}`;
  if (world.ticks && !['connected', 'disconnected', 'aborted'].includes(provider.state))
    found.push(`${name} stays ${provider.state}`);
  if (provider.active_inventory !== undefined) found.push(`${name} stays in syncing`);
  if (provider.active_costs !== undefined) found.push(`${name} stays at its costs`);
  if (provider.state === 'connected' && provider.status === 'syncing') found.push(`${name} says that it is syncing`);
  if (provider.state === 'connected' && provider.due_at === undefined) found.push(`${name} is connected and never due`);
  const scans = scansOf(world, provider);
  const counted = scans.reduce((n, scan) => n + Object.values(scan.cells).reduce((m, cell) => m + cell.count, 0), 0);
  const lastJob = jobsOf(world, provider).findLast(({ kind }) => kind === 'inventory');
  const isCounted = lastJob?.ended_by === 'join' && scans.every(({ torn }) => torn === undefined);
  if (provider.state === 'connected' && isCounted && counted !== provider.resource_count) {
    found.push(`${name} counts ${provider.resource_count} resources, its scans ${counted}`);
  }
  return found;
}

function jobsOf(world: World, provider: ProviderItem) {
  return [...world.stores.table.partition(pkOf(provider))]
    .filter(({ sk }) => typeof sk === 'string' && sk.startsWith('JOB#'))
    .map((item) => parseItem(jobItem, item))
    .sort((a, b) => a.job - b.job);
}

function jobsAtRest(world: World, provider: ProviderItem): readonly string[] {
  const jobs = new Map(jobsOf(world, provider).map((job) => [job.job, job]));
  return Array.from({ length: provider.last_job }, (_, n) => n + 1).flatMap((n) => {
    const job = jobs.get(n);
    if (job === undefined) return [`job ${n} has no row`];
    return job.outcome === undefined ? [`job ${n} has no final state`] : [];
  });
}

function scanAtRest(world: World, provider: ProviderItem, scan: ScanItem): readonly string[] {
  const name = `scan ${scan.scope}#${scan.collector} of ${provider.tenant}/${provider.id}`;
  if (scan.torn !== undefined) return [];
  const found: string[] = [];
  const holding = holdingOf(world, provider, scan);
  const counted = Object.values(scan.cells).reduce((n, cell) => n + cell.count, 0);
  if (counted !== holding.size) found.push(`${name} counts ${counted}, its rows are ${holding.size}`);
  const commit = world.watch.commits.get(`${pkOf(provider)} SCAN#${scan.scope}#${scan.collector}`);
  if (commit === undefined) return holding.size === 0 ? found : [...found, `${name} has rows and no commit`];
  const { pageSize } = world.cloud.collectorNamed(scan.collector);
  for (const [page, answers] of commit.pages) {
    const slots = Array.from({ length: pageSize }, (_, n) => holding.get(page * pageSize + n) ?? 0);
    const isOne = answers.some((versions) => slots.every((version, n) => version === (versions[n] ?? 0)));
    if (!isOne)
      found.push(
        `${name}: rows of page ${page} are [${slots}], read was ${answers.map((one) => `[${one}]`).join(' or ')}`,
      );
  }
  const pages = commit.pages.size;
  for (const slot of holding.keys()) if (slot >= pages * pageSize) found.push(`${name}: slot ${slot} was on no page`);
  return found;
}

function secretsAtRest(world: World, providers: readonly ProviderItem[]): readonly string[] {
  const living = new Set(world.stores.secrets.living());
  const wanted = new Set(providers.filter(({ state }) => state === 'connected').map(({ secret }) => secret));
  return [
    ...[...wanted].filter((name) => !living.has(name)).map((name) => `a connected provider has no secret ${name}`),
    // Only the tick cleans up.
    ...(world.ticks ? [...living].filter((name) => !wanted.has(name)).map((name) => `secret ${name} is nobody's`) : []),
  ];
}

/** One provider an account and tenant, and the claim is its own. */
function claimsAtRest(world: World, providers: readonly ProviderItem[]): readonly string[] {
  return providers
    .filter(({ state }) => state === 'connected')
    .flatMap(({ tenant, id, cloud, account }) => {
      const holder = world.stores.table.peek(keys.claim(tenantOf(tenant), cloud, account))?.provider;
      return holder === id ? [] : [`provider ${tenant}/${id} is connected, but the claim names ${String(holder)}`];
    });
}

/** The history says each thing once, and leaves out nothing that differs between two commits. */
function historyAtRest(world: World, provider: ProviderItem): readonly string[] {
  const found: string[] = [];
  const said = new Set<string>();
  const told: { readonly id: string; readonly job: number; readonly kind: string }[] = [];
  for (const { at, job, entries } of packsOf(world, provider)) {
    for (const { type, scope, hash, kind, fields = [], external_id: id } of entries) {
      const once = `${at} ${job} ${type}.${scope}.${hash} ${kind} ${JSON.stringify(fields)}`;
      if (said.has(once)) found.push(`the history says twice that ${id} was ${kind} in job ${job}`);
      said.add(once);
      told.push({ id, job, kind });
    }
  }
  for (const { pk, collector, scope, slot, kinds, jobs } of world.watch.expected) {
    if (pk !== pkOf(provider)) continue;
    const id = `sim:${provider.account}:${collector}:${scope}:${slot}`;
    const isTold = told.some(
      (one) => one.id === id && kinds.includes(one.kind) && one.job > jobs[0] && one.job <= jobs[1],
    );
    if (!isTold) found.push(`the history does not say that ${id} was ${kinds.join(' or ')} by job ${jobs[1]}`);
  }
  return found;
}

/** Whoever builds on our events hears of every end at least once, and the same each time. */
function eventsAtRest(world: World, provider: ProviderItem): readonly string[] {
  const events = world.stores.events.filter(
    ({ detail }) => detail.tenant === provider.tenant && detail.provider_id === provider.id,
  );
  const name = `${provider.tenant}/${provider.id}`;
  const found: string[] = [];
  for (const job of jobsOf(world, provider)) {
    const ends = events.flatMap((one) =>
      one.name === 'SyncFinished' && one.detail.job_id === job.job ? [one.detail] : [],
    );
    if (ends.length === 0) found.push(`nobody heard that job ${job.job} of ${name} ended`);
    if (new Set(ends.map(({ id, outcome }) => `${id} ${outcome}`)).size > 1)
      found.push(`two ends of job ${job.job} of ${name} were told`);
    if (ends.some(({ outcome }) => outcome !== job.outcome))
      found.push(`another end of job ${job.job} of ${name} was told`);
  }
  if (provider.state === 'disconnected' && !events.some((one) => one.name === 'ProviderDisconnected')) {
    found.push(`nobody heard that ${name} was disconnected`);
  }
  return found;
}

export function packsOf(world: World, provider: ProviderItem) {
  return [...world.stores.table.partition(`${pkOf(provider)}#CHANGES`)].map((item) => {
    const pack = parseItem(packItem, item);
    const [at = '', job = ''] = pack.sk.split('#');
    return { at, job: Number(job), entries: unpackBytes(z.array(changeEntry), pack.entries) };
  });
}
