import type { CloudSession } from '../../functions/domain/cloud.ts';
import { CloudCalls } from '../../functions/domain/cloud-calls.ts';
import type { Item } from '../../functions/domain/conditions.ts';
import { Fence } from '../../functions/domain/fence.ts';
import { providerItem, type ScanItem, scanItem } from '../../functions/domain/items.ts';
import { hashTenant, type Key, keys, type ScanId, stampOf } from '../../functions/domain/keys.ts';
import { Lanes } from '../../functions/domain/lanes.ts';
import type { Table } from '../../functions/domain/ports.ts';
import { readPages } from '../../functions/domain/read-pages.ts';
import { typesOfScan } from '../../functions/domain/scan-cells.ts';
import { ScanStream, type StreamContext } from '../../functions/domain/scan-stream.ts';
import { clock } from '../../functions/runtime/clock.ts';

const REF = { tenant: hashTenant('bench', 'bench'), id: 1 };
const AT = '2026-01-15T10:00:00.000Z';
const PROVIDER = providerItem.parse({
  v: 1,
  tenant: 'bench',
  id: 1,
  cloud: 'aws',
  name: 'bench',
  account: '111122223333',
  state: 'connected',
  secret: 'aws/bench',
  last_job: 1,
  active_inventory: 1,
  interval_minutes: 60,
  status: 'syncing',
  resource_count: 0,
  complete: false,
  created_at: AT,
});

/** Reads scans and writes them into a table that takes everything and keeps scan rows and fingerprints only. */
export class Pipeline {
  readonly #session: CloudSession;
  readonly #kept = new Map<string, Item>();

  constructor(session: CloudSession) {
    this.#session = session;
  }

  /** As the first sync of an account. */
  async first(scans: readonly ScanId[]): Promise<{ readonly resources: number }> {
    this.#kept.clear();
    return this.#all(scans, 1);
  }

  /** As a sync that finds what the first one found. */
  async unchanged(scans: readonly ScanId[]): Promise<{ readonly resources: number }> {
    return this.#all(scans, 2);
  }

  async #all(scans: readonly ScanId[], job: number): Promise<{ readonly resources: number }> {
    let resources = 0;
    for (const scan of scans) resources += await this.#scan(scan, job);
    return { resources };
  }

  async #scan(scan: ScanId, job: number): Promise<number> {
    const lanes = new Lanes(64);
    const limits = { clock, lanes, share: 1, deadline: Number.POSITIVE_INFINITY, full: true };
    const calls = new CloudCalls(limits, this.#session);
    const collector = await this.#session.collector(scan.collector, scan.scope);
    const stored = await this.#table.get(keys.scan(REF, scan.scope, scan.collector));
    const row = stored === undefined ? undefined : scanItem.parse(stored);
    const types = typesOfScan(collector, row);
    const stream = await ScanStream.open(this.#context(scan, job, row), row, types, undefined);
    const pages = { calls, scope: scan.scope, pass: () => Promise.resolve(), outOfTime: () => false };
    const end = await readPages(pages, collector, undefined, ({ resources }) => stream.take(resources));
    if (end.end !== 'complete') throw new Error(`${scan.collector} ended as ${end.end}.`);
    await stream.finish(1000);
    return stream.found;
  }

  #context(scan: ScanId, job: number, row: ScanItem | undefined): StreamContext {
    return {
      table: this.#table,
      ref: REF,
      scan,
      fence: new Fence({ table: this.#table, clock }, REF, 'inventory', 1, PROVIDER),
      writes: new Lanes(64),
      stamp: stampOf(job, 1),
      startedAt: AT,
      committed: row?.committed ?? '',
      triedAfter: undefined,
      isBaseline: (type) => row?.cells[type]?.stamped_at === undefined,
      lastSeenAt: () => undefined,
      lastFullSyncAt: undefined,
      outOfTime: () => false,
      full: false,
    };
  }

  readonly #table: Table = {
    get: async (key) => this.#read(key),
    getMany: async (all) => all.map((key) => this.#read(key)),
    query: async () => ({ items: [], next: undefined }),
    update: async (key, { set = {}, setOnce = {}, remove = [] }) => {
      const name = nameOf(key);
      if (key.pk.includes('#R#')) return { applied: true, item: {} };
      const item = { ...setOnce, ...this.#kept.get(name), ...key, ...set };
      for (const attribute of remove) Reflect.deleteProperty(item, attribute);
      this.#kept.set(name, item);
      return { applied: true, item };
    },
    remove: async () => ({ applied: true, item: {} }),
    due: async () => [],
  };

  #read(key: Key): Item | undefined {
    return key.sk.startsWith('PROVIDER#') ? PROVIDER : this.#kept.get(nameOf(key));
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\0${sk}`;
