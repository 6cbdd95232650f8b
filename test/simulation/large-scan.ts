import './settings.ts';
import type { Key } from '../../functions/domain/keys.ts';
import type { Change, Query, Rows, Written } from '../../functions/domain/ports.ts';
import type { SimCollector } from './fake-cloud.ts';
import { ACCOUNT, doConnect, doSync, providerRow } from './flows.ts';
import { TableStore } from './memory/table-store.ts';
import { copyOfFields, fieldsSize } from './memory/values.ts';
import { settle } from './settle.ts';
import { World } from './world.ts';

/** Counts resource rows and their write units and keeps none of them: a million would be all that is in memory. */
class LeanTable extends TableStore {
  rows = 0;
  /** Write units of what tasks said of their progress, which measures count apart. */
  progress = 0;

  override update(key: Key, change: Change): Written {
    if (!key.pk.includes('#R#')) {
      const before = this.units.writes;
      const written = super.update(key, change);
      const fields = Object.keys(change.set ?? {});
      if (fields.length === 1 && fields[0] === 'progress') this.progress += this.units.writes - before;
      return written;
    }
    this.rows += 1;
    const bytes = fieldsSize({ ...key, ...copyOfFields(change.set ?? {}), ...copyOfFields(change.setOnce ?? {}) });
    this.units.writes += Math.max(1, Math.ceil(bytes / 1024));
    return { applied: true, item: {} };
  }

  override get(key: Key): ReturnType<TableStore['get']> {
    if (key.pk.includes('#R#')) throw new Error('A row is read that was not kept.');
    return super.get(key);
  }

  override query(query: Query): Rows {
    if (query.pk.includes('#R#')) throw new Error('Rows are read that were not kept.');
    return super.query(query);
  }
}

/** What one sync of the scan took. */
export interface LargeSync {
  readonly lambdas: number;
  readonly cloudCalls: number;
  readonly rowsWritten: number;
  /** Without those of progress. */
  readonly writeUnits: number;
  readonly progressUnits: number;
  /** Highest heap that was seen, in MB: the simulated cloud and table are in it. */
  readonly peakHeapMb: number;
  readonly virtualSeconds: number;
  readonly realSeconds: number;
}

export interface LargeScan {
  readonly resources: number;
  readonly first: LargeSync;
  readonly unchanged: LargeSync;
}

const MB = 1024 * 1024;

/**
 * Scans one type of so many resources, a thousand a page, over as many Lambdas as it takes; then once more, nothing
 * having changed. @throws Error where the result is not whole.
 */
export async function largeScan(resources: number, pageMilliseconds: readonly [number, number]): Promise<LargeScan> {
  const pageSize = 1000;
  const huge: SimCollector = {
    name: 'huge',
    service: 'huge',
    scope: 'global',
    types: ['huge'],
    permissions: ['huge:List'],
    pageSize,
  };
  const table = new LeanTable();
  const world = new World({ seed: 1, collectors: [huge], table });
  world.tracing = false;
  world.cloud.latency = pageMilliseconds;
  world.cloud.fill(ACCOUNT, 'huge', 'global', resources);
  const measured = async (begin: () => void): Promise<LargeSync> => {
    const before = {
      lambdas: world.lambdas.collectTask ?? 0,
      calls: world.cloud.calls,
      rows: table.rows,
      writes: table.units.writes,
      progress: table.progress,
    };
    const [virtual, real] = [world.clock.now(), performance.now()];
    let peak = 0;
    const look = (): void => {
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    };
    const looking = setInterval(look, 100);
    begin();
    await settle(world);
    look();
    clearInterval(looking);
    const wrong = world.watch.violations;
    const row = providerRow(world);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    if (row?.resource_count !== resources || !row.complete)
      throw new Error(`The provider counts ${row?.resource_count}.`);
    return {
      lambdas: (world.lambdas.collectTask ?? 0) - before.lambdas,
      cloudCalls: world.cloud.calls - before.calls,
      rowsWritten: table.rows - before.rows,
      writeUnits: table.units.writes - before.writes - (table.progress - before.progress),
      progressUnits: table.progress - before.progress,
      peakHeapMb: Math.round(peak / MB),
      virtualSeconds: Math.round((world.watch.freedAt - virtual) / 1000),
      realSeconds: Math.round((performance.now() - real) / 100) / 10,
    };
  };
  const first = await measured(() => void doConnect(world));
  await world.run(() => false, 60_000);
  const unchanged = await measured(() => void doSync(world));
  return { resources, first, unchanged };
}
