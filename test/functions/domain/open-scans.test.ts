import { beforeEach, describe, expect, test } from 'vitest';
import { listChanges } from '../../../functions/domain/changes.ts';
import type { CollectorFacts, Failure, ResourcePage, Unanswered } from '../../../functions/domain/cloud.ts';
import { listCoverage } from '../../../functions/domain/coverage.ts';
import { listResources } from '../../../functions/domain/inventory.ts';
import type { Resource } from '../../../functions/domain/resource.ts';
import { REF, Rig } from '../../bench/rig/rig.ts';

/**
 * Bulk sources over the whole pipeline: one scan that answers types which nobody named, leaves out what it may not show,
 * and whose list may expire.
 */
const SCAN = {
  name: 'bulk',
  service: 'bulk',
  scope: 'project',
  types: ['t_disk', 't_network'],
  open: true,
  permissions: ['bulk:List'],
} as const satisfies CollectorFacts;
const DENIED: Failure = { outcome: 'denied', code: 'FORBIDDEN', permission: 'network/read', retryable: false };

class CallError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** What the cloud holds and says at the moment. */
let held: Resource[];
let unanswered: Unanswered | undefined;
/** The number of the call that fails, counted over all pages, and how. */
let faults: Map<number, Failure>;
let calls = 0;
let atOnce = 0;
let most = 0;
let rig: Rig;

const PAGE = 100;
const made = (type: string, n: number, size = 1): Resource => ({
  type,
  external_id: `${type}/${n}`,
  name: `${type} ${n}`,
  region: 'here',
  status: 'active',
  tags: {},
  configuration: { size },
});
const many = (type: string, count: number): Resource[] => Array.from({ length: count }, (_, n) => made(type, n));

function start(collectors: readonly CollectorFacts[] = [SCAN], atATime?: number): Rig {
  return new Rig({
    collectors,
    scopes: { byKind: { project: ['project'] }, fixed: true },
    scopesMs: 0,
    session: (clock) => ({
      async collector(name) {
        const facts = collectors.find((one) => one.name === name);
        if (facts === undefined) throw new TypeError(name);
        return {
          ...facts,
          async page(token): Promise<ResourcePage> {
            calls += 1;
            atOnce += 1;
            most = Math.max(most, atOnce);
            const fault = faults.get(calls);
            await clock.sleep(50);
            atOnce -= 1;
            if (fault !== undefined) throw new CallError(fault);
            const from = Number(token ?? 0);
            const ofScan = collectors.length === 1 ? held : held.filter(({ type }) => facts.types.includes(type));
            const next = from + PAGE < ofScan.length ? String(from + PAGE) : undefined;
            return { resources: ofScan.slice(from, from + PAGE), details: [], next, unanswered };
          },
        };
      },
      classify: (error) =>
        error instanceof CallError ? error.failure : { outcome: 'failed', code: 'BUG', retryable: false },
      quota: () => undefined,
      atATime,
      close: () => undefined,
    }),
  });
}

beforeEach(() => {
  held = [made('t_disk', 1), made('t_network', 1), made('t_strange', 1)];
  unanswered = undefined;
  faults = new Map();
  calls = 0;
  atOnce = 0;
  most = 0;
  rig = start();
});

const reader = () => ({
  get: async (key: { pk: string; sk: string }) => rig.store.peek(key),
  query: async (query: Parameters<typeof rig.store.query>[0]) => rig.store.query(query),
  getMany: async (keys: readonly { pk: string; sk: string }[]) => keys.map((key) => rig.store.peek(key)),
});
const page = { after: undefined, limit: 5000 };
const of = { ref: REF, lastFullSyncAt: undefined, collectors: [SCAN] };
const cells = async () => {
  const { rows } = await listCoverage(reader(), of, {}, page);
  return Object.fromEntries(rows.map(({ type, outcome, count, permission }) => [type, [outcome, count, permission]]));
};
const listed = async (status?: string) =>
  (await listResources(reader(), of, { status }, page)).resources.map(({ resource }) => resource.external_id);
const history = async () =>
  (await listChanges(reader(), REF, {}, page)).changes.map(({ kind, external_id: id }) => `${kind} ${id}`).sort();

describe('types that nobody named', () => {
  test('become cells when they are met, and those that are named have one from the start', async () => {
    held = [made('t_disk', 1), made('t_strange', 1), made('t_strange', 2)];
    await rig.sync();
    expect(await cells()).toEqual({
      t_disk: ['collected', 1, undefined],
      t_network: ['collected', 0, undefined],
      t_strange: ['collected', 2, undefined],
    });
    expect(await history()).toEqual([]);
  });

  test('stay cells with count 0 when the last of them is gone', async () => {
    await rig.sync();
    held = held.filter(({ type }) => type !== 't_strange');
    await rig.sync();
    expect(await cells()).toMatchObject({ t_strange: ['collected', 0, undefined] });
    expect(await listed('deleted')).toEqual(['t_strange/1']);
    expect(await history()).toEqual(['vanished t_strange/1']);
  });

  test('are news where a complete scan had none of them', async () => {
    await rig.sync();
    held.push(made('t_newer', 1));
    await rig.sync();
    expect(await history()).toEqual(['created t_newer/1']);
  });

  test('are failed cells like all others when the scan fails, and keep what they held', async () => {
    await rig.sync();
    faults.set(calls + 1, { outcome: 'denied', code: 'NO', permission: 'bulk:List', retryable: false });
    await rig.sync('failed');
    expect(await cells()).toEqual({
      t_disk: ['denied', 1, 'bulk:List'],
      t_network: ['denied', 1, 'bulk:List'],
      t_strange: ['denied', 1, 'bulk:List'],
    });
    await rig.sync();
    expect(await cells()).toMatchObject({ t_strange: ['collected', 1, undefined] });
  });
});

describe.each([
  ['small', 2],
  ['large', 700],
])('types that a %s scan cannot answer', (_, size) => {
  beforeEach(() => {
    held = [...many('t_disk', size), ...many('t_network', size), made('t_strange', 1)];
  });

  test('are not collected, keep what they held, and write nothing while that stays so', async () => {
    await rig.sync();
    const before = await listed();
    unanswered = { types: { t_network: DENIED } };
    held = held.filter(({ type }) => type !== 't_network');
    await rig.sync('partial');
    expect(await cells()).toEqual({
      t_disk: ['collected', size, undefined],
      t_network: ['denied', size, 'network/read'],
      t_strange: ['collected', 1, undefined],
    });
    expect(await listed()).toEqual(before);
    const again = await rig.sync('partial');
    expect(Object.keys(again.meters.writes).filter((kind) => /scan|resource|print/.test(kind))).toEqual([]);
    unanswered = undefined;
    await rig.sync();
    expect(await cells()).toMatchObject({ t_network: ['collected', 0, undefined] });
    expect(await listed('deleted')).toHaveLength(size);
  });

  test('are not taken where they are shown in part', async () => {
    await rig.sync();
    unanswered = { types: { t_network: DENIED } };
    held = held.filter(({ type, external_id }) => type !== 't_network' || external_id === 't_network/0');
    await rig.sync('partial');
    expect(await cells()).toMatchObject({ t_network: ['denied', size, 'network/read'] });
    expect(await listed('deleted')).toEqual([]);
    unanswered = undefined;
    held = [...many('t_disk', size), ...many('t_network', size), made('t_strange', 1)];
    await rig.sync();
    expect(await history()).toEqual([]);
  });

  test('may be all but a few', async () => {
    await rig.sync();
    unanswered = { types: {}, others: { answered: ['t_disk'], failure: { ...DENIED, permission: '*/read' } } };
    held = [];
    await rig.sync('partial');
    expect(await cells()).toEqual({
      t_disk: ['collected', 0, undefined],
      t_network: ['denied', size, '*/read'],
      t_strange: ['denied', 1, '*/read'],
    });
    expect(await listed('deleted')).toHaveLength(size);
  });
});

describe('a list that expires', () => {
  const EXPIRED: Failure = { outcome: 'failed', code: 'LIST_EXPIRED', retryable: false, restart: true };

  test('is begun anew, and nothing is counted twice', async () => {
    held = many('t_disk', 950);
    faults.set(7, EXPIRED);
    const { job } = await rig.sync();
    expect(calls).toBe(17);
    expect(await cells()).toMatchObject({ t_disk: ['collected', 950, undefined] });
    expect(job.totals).toMatchObject({ found: 950, created: 950, updated: 0, removed: 0 });
    held = held.slice(1);
    faults.set(calls + 9, EXPIRED);
    await rig.sync();
    expect(await history()).toEqual(['vanished t_disk/0']);
    expect(await listed()).toHaveLength(949);
  });

  test('again and again is a failure that deletes nothing', async () => {
    held = many('t_disk', 300);
    await rig.sync();
    held = held.slice(1);
    // Each second page.
    for (const n of [2, 4, 6, 8]) faults.set(calls + n, EXPIRED);
    await rig.sync('failed');
    expect(await cells()).toMatchObject({ t_disk: ['failed', 300, undefined] });
    expect(await listed()).toHaveLength(300);
  });
});

test('a cloud that is to be asked for one thing at a time is', async () => {
  const kinds = ['a', 'b', 'c'].map((name) => ({ ...SCAN, name, types: [`t_${name}`], open: false }));
  held = ['a', 'b', 'c'].flatMap((name) => many(`t_${name}`, 250));
  rig = start(kinds, 1);
  await rig.sync();
  expect(most).toBe(1);
  expect(calls).toBe(9);
});
