import { beforeEach, describe, expect, test } from 'vitest';
import { type ChangeEntry, changeEntry } from '../../../functions/domain/change-log.ts';
import { listChanges } from '../../../functions/domain/changes.ts';
import type { CollectorFacts } from '../../../functions/domain/cloud.ts';
import { listCoverage } from '../../../functions/domain/coverage.ts';
import { CursorError } from '../../../functions/domain/errors.ts';
import { readResource } from '../../../functions/domain/find-resource.ts';
import { packBytes, packResource } from '../../../functions/domain/hashing.ts';
import { listResources } from '../../../functions/domain/inventory.ts';
import type { CellItem } from '../../../functions/domain/items.ts';
import { hashExternalId, keys, parseResourceKey, stampOf } from '../../../functions/domain/keys.ts';
import { type MemoryTable, memoryTable } from '../../support/memory-table.ts';

/** What lists do at sizes and in states that a test of the whole stack would take long to reach. */
const ref = { tenant: 'a'.repeat(32), id: 1 };
const facts = (name: string, scope: string, types = [name]): CollectorFacts => ({
  name,
  service: `${name}s`,
  scope,
  types,
  permissions: [],
});
const collectors = [facts('vpc', 'region'), facts('iam', 'global', ['role', 'user']), facts('pod', 'cluster')];
const START = '2026-01-02T03:04:05.000Z';
const of = { ref, collectors, lastFullSyncAt: START };

let table: MemoryTable;
beforeEach(() => {
  table = memoryTable();
});

function plan(...scans: readonly (readonly [collector: string, scope: string])[]): void {
  const body = { scans: [scans.map(([collector, scope]) => [collector, scope, 100])], cells: scans.length };
  table.put(keys.plan(ref, 1), { v: 1, version: 1, body: packBytes(body) });
}

function scan(collector: string, scope: string, cells: Record<string, CellItem>, torn?: string): void {
  const by = stampOf(1, 1);
  table.put(keys.scan(ref, scope, collector), { v: 1, collector, scope, version: 1, by, cells, torn });
}
const collected = (count: number): CellItem => ({ outcome: 'collected', count, stamped_at: START });

function resource(
  type: string,
  scope: string,
  externalId: string,
  more: { removed?: string; region?: string } = {},
): string {
  const { region = scope } = more;
  const doc = {
    external_id: externalId,
    name: externalId,
    type,
    region,
    status: 'active',
    tags: {},
    configuration: {},
  };
  const hash = hashExternalId(externalId);
  table.put(keys.resource(ref, type, scope, hash), {
    v: 1,
    stamp: stampOf(1, 1),
    first_seen_at: START,
    content: 'x',
    doc: packResource(doc, []),
    ...(more.removed === undefined ? {} : { removed_at: more.removed, last_seen_at: START }),
  });
  return `${type}.${scope}.${hash}`;
}

describe('resources', () => {
  test('a page reads 2,000 rows at most and may be empty while there is a next one; small ones make few queries', async () => {
    plan(['vpc', 'r-1']);
    scan('vpc', 'r-1', { vpc: collected(4500) });
    for (let n = 0; n < 4500; n += 1) resource('vpc', 'r-1', `vpc-${n}`);
    let after: readonly string[] | undefined;
    const sizes: number[] = [];
    do {
      const before = table.queries.length;
      const page = await listResources(table, of, { status: 'stopped' }, { limit: 1, after });
      expect(page.resources).toEqual([]);
      const queries = table.queries.slice(before).filter((query) => query.pk.includes('#R#'));
      expect(queries.length).toBeLessThan(15);
      sizes.push(queries.reduce((n, query) => n + (query.limit ?? 0), 0));
      after = page.next;
    } while (after !== undefined);
    expect(sizes).toHaveLength(3);
    expect(sizes.slice(0, 2)).toEqual([2000, 2000]);
    const page = await listResources(table, of, {}, { limit: 100, after: undefined });
    expect([page.resources.length, page.total]).toEqual([100, 4500]);
  });

  test('the number of all is known by type and region, and only where no scan that counts is torn', async () => {
    plan(['vpc', 'r-1'], ['vpc', 'r-2'], ['iam', 'global']);
    scan('vpc', 'r-1', { vpc: collected(3) });
    scan('vpc', 'r-2', { vpc: collected(4) }, stampOf(2, 1));
    scan('iam', 'global', { role: collected(5), user: collected(0) });
    scan('vpc', 'r-3', { vpc: collected(100) });
    const total = async (filter: Parameters<typeof listResources>[2]) =>
      (await listResources(table, of, filter, { limit: 1, after: undefined })).total;
    expect(await total({})).toBeUndefined();
    expect(await total({ type: 'role' })).toBe(5);
    expect(await total({ type: 'vpc' })).toBeUndefined();
    expect(await total({ type: 'vpc', region: 'r-1' })).toBe(3);
    // Roles may be of any region: their count says nothing of one.
    expect(await total({ region: 'r-1' })).toBeUndefined();
    expect(await total({ type: 'user', region: 'r-1' })).toBe(0);
    // Out of the plan: not counted.
    expect(await total({ type: 'vpc', region: 'r-3' })).toBe(0);
    expect(await total({ type: 'vpc', region: 'r-1', status: 'active' })).toBeUndefined();
  });

  test('a type that has a global scope beside those of regions is counted and listed by each', async () => {
    const everywhere = { ...of, collectors: [...collectors, facts('acl', 'everywhere')] };
    plan(['acl', 'r-1'], ['acl', 'global']);
    scan('acl', 'r-1', { acl: collected(1) });
    scan('acl', 'global', { acl: collected(2) });
    const keysOf = {
      'r-1': [resource('acl', 'r-1', 'a')],
      global: ['b', 'c'].map((id) => resource('acl', 'global', id)),
    };
    for (const [region, expected] of Object.entries(keysOf)) {
      const page = await listResources(table, everywhere, { type: 'acl', region }, { limit: 9, after: undefined });
      expect(page.resources.map(({ key }) => key).sort()).toEqual(expected.sort());
      expect(page.total).toBe(expected.length);
    }
  });

  test('an external id is found under every type that has it, page by page, and not where it is gone', async () => {
    plan(['vpc', 'r-1'], ['iam', 'global']);
    scan('vpc', 'r-1', { vpc: collected(1) });
    scan('iam', 'global', { role: collected(1), user: collected(1) });
    const found = ['role', 'user'].map((type) => resource(type, 'global', 'same'));
    resource('vpc', 'r-1', 'same', { removed: START });
    const filter = { externalId: 'same' };
    const first = await listResources(table, of, filter, { limit: 1, after: undefined });
    const second = await listResources(table, of, filter, { limit: 1, after: first.next });
    expect([...first.resources, ...second.resources].map(({ key }) => key)).toEqual(found);
    expect(second.next).toBeUndefined();
    const gone = await listResources(table, of, { ...filter, status: 'deleted' }, { limit: 9, after: undefined });
    expect(gone.resources.map(({ key, removedAt }) => [key.slice(0, 4), removedAt])).toEqual([['vpc.', START]]);
  });

  test('a scope may be anything that is safe in a URL, dots and colons too', async () => {
    for (const scope of ['example.com:my-project', '0f8fad5b-d9cb-469f-a165-70867728950e', 'eks.prod.r-1.a']) {
      plan(['pod', scope]);
      scan('pod', scope, { pod: collected(1) });
      const key = resource('pod', scope, `core/Pod/default/${scope}`, { region: 'r-1' });
      const place = parseResourceKey(key);
      expect(place).toMatchObject({ type: 'pod', scope });
      const read = place === undefined ? undefined : await readResource(table, of, place);
      expect(read).toMatchObject({ key, lastSeenAt: START });
      const page = await listResources(table, of, { region: 'r-1' }, { limit: 9, after: undefined });
      expect(page.resources.map((one) => one.key)).toEqual([key]);
    }
  });

  test('a forged position outside of the list is refused, one inside skips rows at most', async () => {
    plan(['vpc', 'r-1']);
    scan('vpc', 'r-1', { vpc: collected(1) });
    const key = resource('vpc', 'r-1', 'vpc-1');
    const page = (at: readonly string[], region?: string) =>
      listResources(table, of, { region }, { limit: 9, after: at });
    await expect(page(['vpc', 'r-2#x'], 'r-1')).rejects.toThrow(CursorError);
    await expect(page(['vpc', 'x'.repeat(1025)])).rejects.toThrow(CursorError);
    await expect(page(['vpc', '\u{1f680}'.repeat(257)])).rejects.toThrow(CursorError);
    expect((await page(['vpc', 'r-2#x'])).resources).toEqual([]);
    expect((await page(['vpc', ''])).resources.map((one) => one.key)).toEqual([key]);
    expect((await page(['zzz', 'x'])).resources).toEqual([]);
  });
});

describe('coverage', () => {
  const rows = async (limit = 100, after?: readonly string[]) => listCoverage(table, of, {}, { limit, after });

  test('what is planned and was not read to its end is not silently absent', async () => {
    plan(['vpc', 'r-1'], ['vpc', 'r-2'], ['iam', 'global'], ['gone_collector', 'r-1']);
    scan('vpc', 'r-1', {}, stampOf(1, 1));
    scan('iam', 'global', { role: collected(2) });
    const page = await rows();
    expect(page.rows.map((row) => [row.service, row.region, row.type, row.outcome, row.errorCode, row.torn])).toEqual([
      ['iams', 'global', 'role', 'collected', undefined, false],
      ['iams', 'global', 'user', 'failed', 'NOT_SCANNED', false],
      ['unknown', 'r-1', 'gone_collector', 'failed', 'NOT_SCANNED', false],
      ['vpcs', 'r-1', 'vpc', 'failed', 'NOT_SCANNED', true],
      ['vpcs', 'r-2', 'vpc', 'failed', 'NOT_SCANNED', false],
    ]);
    expect(page.total).toBe(5);
  });

  test('a cell that was collected before is as fresh as the last full sync, one that left the plan as its own stamp', async () => {
    plan(['vpc', 'r-1'], ['vpc', 'r-2']);
    const older = '2025-12-31T00:00:00.000Z';
    scan('vpc', 'r-1', { vpc: { ...collected(1), stamped_at: older } });
    scan('vpc', 'r-2', { vpc: { outcome: 'failed', count: 1, stamped_at: older, error: 'X' } });
    scan('vpc', 'r-3', { vpc: { ...collected(7), stamped_at: older } });
    const shown = (await rows()).rows.map((row) => [row.region, row.outcome, row.count, row.lastCompleteAt]);
    expect(shown).toEqual([
      ['r-1', 'collected', 1, START],
      ['r-2', 'failed', 1, older],
      ['r-3', 'out_of_scope', 0, older],
    ]);
  });

  test('a page goes on behind the last row, also where that row has gone', async () => {
    plan(['vpc', 'r-1'], ['vpc', 'r-2'], ['vpc', 'r-3']);
    const first = await rows(2);
    expect(first.next).toEqual(['vpcs', 'r-2', 'vpc']);
    expect((await rows(2, first.next)).rows.map((row) => row.region)).toEqual(['r-3']);
    expect((await rows(2, ['vpcs', 'r-2a', 'x'])).rows.map((row) => row.region)).toEqual(['r-3']);
  });
});

describe('changes', () => {
  const entry = (n: number, type = 'vpc'): ChangeEntry =>
    changeEntry.parse({
      kind: 'created',
      type,
      scope: 'r-1',
      hash: hashExternalId(String(n)),
      external_id: String(n),
      name: '',
      region: 'r-1',
    });
  const pack = (job: number, part: number, entries: readonly ChangeEntry[]): void => {
    const at = new Date(Date.parse(START) + job * 3600_000).toISOString();
    const key = keys.changePack(ref, { at, job }, { scope: 'r-1', collector: 'vpc' }, part);
    table.put(key, { v: 1, entries: packBytes(entries) });
  };
  const many = (from: number, type?: string) => Array.from({ length: 400 }, (_, n) => entry(from + n, type));

  test('a page looks at 2,000 entries at most and may be empty while there is a next one', async () => {
    for (let part = 0; part < 11; part += 1) pack(1, part, many(part * 400, part === 0 ? 'subnet' : 'vpc'));
    const pages: number[] = [];
    let after: readonly string[] | undefined;
    do {
      const page = await listChanges(table, ref, { type: 'subnet' }, { limit: 50, after });
      pages.push(page.changes.length);
      after = page.next;
    } while (after !== undefined);
    expect(pages).toEqual([0, 0, 50, 50, 50, 50, 50, 50, 50, 50]);
  });

  test('a position in a pack stands though the pack is written again in another order', async () => {
    pack(1, 0, many(0));
    const all = (await listChanges(table, ref, {}, { limit: 400, after: undefined })).changes;
    const first = await listChanges(table, ref, {}, { limit: 100, after: undefined });
    pack(1, 0, many(0).reverse());
    const rest = await listChanges(table, ref, {}, { limit: 400, after: first.next });
    expect([...first.changes, ...rest.changes]).toEqual(all);
  });

  test('what is older than asked for is not read, and a pack that is gone is passed over', async () => {
    for (let job = 1; job <= 60; job += 1) pack(job, 0, [entry(job)]);
    const since = Date.parse(START) + 59 * 3600_000;
    const page = await listChanges(table, ref, { since }, { limit: 50, after: undefined });
    expect(page.changes.map(({ job }) => job)).toEqual([60, 59]);
    expect(table.queries).toHaveLength(1);
    const next = ['2026-01-03T00:00:00.000Z#x', '7'];
    expect((await listChanges(table, ref, {}, { limit: 1, after: next })).changes.map(({ job }) => job)).toEqual([20]);
  });
});
