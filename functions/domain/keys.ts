import { createHash, hash } from 'node:crypto';

/** The only module that makes table keys. Numbers in them are zero-padded, so that text order is number order. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const pad = (n: number): string => String(n).padStart(16, '0');

/** Number of shards of the due index: a tick reads all of them. */
const DUE_SHARDS = 16;

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32.charAt((value << (5 - bits)) & 31) : text;
}

/** The tenant as keys and messages name it: a tenant's own name may hold `#`, so it never stands in a key. */
export function hashTenant(issuer: string, tenant: string): string {
  return base32(createHash('sha256').update(issuer).update('\0').update(tenant).digest().subarray(0, 20));
}

/** A provider of a tenant: what most keys begin with. */
export interface ProviderRef {
  /** From `hashTenant`. */
  readonly tenant: string;
  readonly id: number;
}

/** A scan of a provider: a collector in a scope. */
export interface ScanId {
  readonly scope: string;
  readonly collector: string;
}

/** A job, and when it started (RFC 3339 with milliseconds). */
export interface JobStart {
  readonly at: string;
  readonly job: number;
}

const tenantPk = (tenant: string): string => `T#${tenant}`;
const PROVIDER = 'PROVIDER#';
const providerPk = (ref: ProviderRef): string => `T#${ref.tenant}#P#${ref.id}`;
const printsPk = (ref: ProviderRef, scan: ScanId): string => `${providerPk(ref)}#FP#${scan.scope}#${scan.collector}`;
const changesPk = (ref: ProviderRef): string => `${providerPk(ref)}#CHANGES`;
const costsPk = (ref: ProviderRef): string => `${providerPk(ref)}#COSTS`;

export const keys = {
  provider: (ref: ProviderRef): Key => ({ pk: tenantPk(ref.tenant), sk: `${PROVIDER}${pad(ref.id)}` }),
  providers: (tenant: string) => ({ pk: tenantPk(tenant), beginning: PROVIDER }),
  /** One item of the whole deployment. */
  tokenIdentity: { pk: 'DEPLOYMENT', sk: 'TOKENS' },
  sequence: (tenant: string): Key => ({ pk: tenantPk(tenant), sk: 'SEQ' }),
  claim: (tenant: string, cloud: string, account: string): Key => ({
    pk: tenantPk(tenant),
    sk: `ACCOUNT#${cloud}#${account}`,
  }),
  idempotency: (tenant: string, route: string, key: string): Key => ({
    pk: tenantPk(tenant),
    sk: `IDEM#${route}#${createHash('sha256').update(key).digest('base64url')}`,
  }),
  job: (ref: ProviderRef, job: number): Key => ({ pk: providerPk(ref), sk: `JOB#${pad(job)}` }),
  plan: (ref: ProviderRef, version: number): Key => ({ pk: providerPk(ref), sk: `PLAN#${pad(version)}` }),
  plans: (ref: ProviderRef) => ({ pk: providerPk(ref), beginning: 'PLAN#' }),
  task: (ref: ProviderRef, job: number, task: number): Key => ({
    pk: providerPk(ref),
    sk: `TASK#${pad(job)}#${pad(task)}`,
  }),
  tasks: (ref: ProviderRef, job: number) => ({ pk: providerPk(ref), beginning: `TASK#${pad(job)}#` }),
  scan: (ref: ProviderRef, scope: string, collector: string): Key => ({
    pk: providerPk(ref),
    sk: `SCAN#${scope}#${collector}`,
  }),
  scans: (ref: ProviderRef) => ({ pk: providerPk(ref), beginning: 'SCAN#' }),
  resource: (ref: ProviderRef, type: string, scope: string, idHash: string): Key => ({
    pk: `${providerPk(ref)}#R#${type}`,
    sk: `${scope}#${idHash}`,
  }),
  /** All resources of a type, or those of one scope, or those whose hash begins so. */
  resources: (ref: ProviderRef, type: string, scope?: string, idHash = '') => ({
    pk: `${providerPk(ref)}#R#${type}`,
    beginning: scope === undefined ? '' : `${scope}#${idHash}`,
  }),
  jobs: (ref: ProviderRef) => ({ pk: providerPk(ref), beginning: 'JOB#' }),
  /** A part of a run of fingerprints; `run` is the stamp of who wrote it. */
  prints: (ref: ProviderRef, scan: ScanId, run: string, part: number): Key => ({
    pk: printsPk(ref, scan),
    sk: `RUN#${run}#${pad(part)}`,
  }),
  allPrints: (ref: ProviderRef, scan: ScanId) => ({ pk: printsPk(ref, scan), beginning: 'RUN#' }),
  /** A pack of change entries of one scan in one job, which started at that time (RFC 3339 with milliseconds). */
  changePack: (ref: ProviderRef, { at, job }: JobStart, scan: ScanId, part: number): Key => ({
    pk: changesPk(ref),
    sk: `${at}#${pad(job)}#${scan.scope}#${scan.collector}#${pad(part)}`,
  }),
  /** Every pack of one scan in one job. */
  changePacks: (ref: ProviderRef, { at, job }: JobStart, scan: ScanId) => ({
    pk: changesPk(ref),
    beginning: `${at}#${pad(job)}#${scan.scope}#${scan.collector}#`,
  }),
  changes: (ref: ProviderRef) => ({ pk: changesPk(ref), beginning: '' }),
  /** How a source of costs stands. */
  costSource: (ref: ProviderRef, source: string): Key => ({ pk: providerPk(ref), sk: `COSTS#${source}` }),
  /** What reading a source has taken in a month (`YYYY-MM`). */
  costSpend: (ref: ProviderRef, source: string, month: string): Key => ({
    pk: providerPk(ref),
    sk: `SPEND#${source}#${month}`,
  }),
  /** A day's costs of one source, or the head that names their parts. */
  costDay: (ref: ProviderRef, source: string, day: string): Key => ({ pk: costsPk(ref), sk: `${day}#${source}` }),
  costDays: (ref: ProviderRef) => ({ pk: costsPk(ref), beginning: '' }),
  /** A part of a day that is too large for one item; `run` is the stamp of who wrote it. Behind every day. */
  costPart: (ref: ProviderRef, source: string, day: string, run: string, part: number): Key => ({
    pk: costsPk(ref),
    sk: `PART#${day}#${source}#${run}#${pad(part)}`,
  }),
} as const;

/** The day and the source of a day's costs. */
export function dayOfCosts(sk: string): { readonly day: string; readonly source: string } {
  const cut = sk.indexOf('#');
  return { day: sk.slice(0, cut), source: sk.slice(cut + 1) };
}

/** The run that a part of fingerprints belongs to. */
export const runOfPrints = (sk: string): string => sk.slice('RUN#'.length, sk.lastIndexOf('#'));

/** What a resource's public key names. */
export function parseResourceKey(
  key: string,
): { readonly type: string; readonly scope: string; readonly hash: string } | undefined {
  const match = /^([a-z][a-z0-9_]*)\.(.+)\.([A-Za-z0-9_-]{22})$/.exec(key);
  const [, type, scope, hash] = match ?? [];
  return type === undefined || scope === undefined || hash === undefined ? undefined : { type, scope, hash };
}
export const resourceKey = (type: string, scope: string, hash: string): string => `${type}.${scope}.${hash}`;

/** The provider that an item of the due index is about. */
export function providerOfKey(key: Key): ProviderRef | undefined {
  const match = /^T#([a-z2-7]{32})$/.exec(key.pk);
  const id = Number(key.sk.slice(PROVIDER.length));
  return match?.[1] !== undefined && Number.isSafeInteger(id) && id > 0 ? { tenant: match[1], id } : undefined;
}

/** Scope and hash back out of a resource's sort key. */
export function placeOfResource(sk: string): { readonly scope: string; readonly hash: string } {
  const cut = sk.lastIndexOf('#');
  return { scope: sk.slice(0, cut), hash: sk.slice(cut + 1) };
}

/** Every shard of the due index. */
export const dueShards: readonly string[] = Array.from({ length: DUE_SHARDS }, (_, n) => `DUE#${n}`);

/** The shard a provider is always in. */
export function dueShard(ref: ProviderRef): string {
  return `DUE#${stableHash(ref) % DUE_SHARDS}`;
}

/** A number below 2^32 that is always the same for a provider: spreads shards and schedules. */
export function stableHash(ref: ProviderRef): number {
  return createHash('sha256').update(`${ref.tenant}#${ref.id}`).digest().readUInt32BE(0);
}

/** The first 128 bits of SHA-256 of an external id. */
export const externalIdHash = (externalId: string): Buffer => hash('sha256', externalId, 'buffer').subarray(0, 16);

/** A resource's place in keys: those bits in base64url. */
export const hashExternalId = (externalId: string): string => externalIdHash(externalId).toString('base64url');

/** Who wrote a row last: job, then attempt; compares as text. */
export function stampOf(job: number, attempt: number): string {
  return `${pad(job)}.${String(attempt).padStart(6, '0')}`;
}

/** The job of a stamp. */
export const jobOfStamp = (stamp: string): number => Number(stamp.slice(0, stamp.indexOf('.')));
