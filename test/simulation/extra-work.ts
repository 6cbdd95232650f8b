import type { SimCollector } from './fake-cloud.ts';
import { ACCOUNT, doConnect, doSync } from './flows.ts';
import { Prepared, type Scenario } from './harness.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

/** What one sync has cost. */
export interface Work {
  /** What went wrong, and where. */
  readonly what: string;
  readonly cloudCalls: number;
  /** Write units, index writes included. */
  readonly writes: number;
}

export interface ExtraWork {
  readonly plain: Work;
  /** Every message was handed over twice. */
  readonly doubled: Work;
  /** One run for each effect of the pipeline after which its process was killed. */
  readonly crashed: readonly Work[];
}

/** Regional lists of a few resources each: in two regions four tasks full of scans. */
const collectors: readonly SimCollector[] = Array.from({ length: 128 }, (_, n) => ({
  name: `kind${n}`,
  service: `service${n % 40}`,
  scope: 'region',
  types: [`kind${n}`],
  permissions: [`service${n % 40}:List`],
  pageSize: 100,
}));

function change(world: World): void {
  for (const { name } of collectors.slice(0, 6)) world.cloud.cell(ACCOUNT, name, 'r1')[0] = 2;
}

const usual = (name: string, duplicates: number): Scenario => ({
  name,
  collectors,
  faultsIn: ['planSync', 'collectTask', 'failTask'],
  before: async (world) => {
    for (const { name: kind } of collectors)
      for (const scope of ['r1', 'r2']) world.cloud.fill(ACCOUNT, kind, scope, 3);
    doConnect(world);
    await settle(world);
  },
  act: (world) => {
    change(world);
    world.duplicates = duplicates;
    doSync(world);
  },
});

/**
 * What a usual sync (256 scans in four tasks, six of them changed) costs without a fault, with every message twice, and
 * with a crash after each effect in turn. @throws Error where an invariant does not hold.
 */
export async function extraWork(progress: (line: string) => void = () => undefined): Promise<ExtraWork> {
  const prepared = await Prepared.of(usual('a usual sync', 0));
  const run = async (of: Prepared, what: string, killed?: number): Promise<Work & { readonly effects: number }> => {
    const outcome = await of.run(({ effects }) => (effects === killed ? { is: 'kill' } : undefined), []);
    if (outcome.violations.length > 0) throw new Error(`${what}: ${outcome.violations.join('; ')}`);
    const { cloudCalls, writes, effects } = outcome;
    return { what, cloudCalls, writes, effects };
  };
  const plain = await run(prepared, 'no fault');
  const doubled = await run(await Prepared.of(usual('every message twice', 1)), 'every message twice');
  const crashed: Work[] = [];
  for (let n = 0; n < plain.effects; n += 1) {
    crashed.push(await run(prepared, `a crash after effect ${n}`, n));
    progress(`${n + 1} of ${plain.effects} crashes`);
  }
  return { plain, doubled, crashed };
}
