import type { Bench, Measure } from './measure.ts';
import { type MeteredTwin, type SyncedJob, startMeteredTwin, sync } from './metered-twin.ts';
import { empty, resize } from './sample-sizes.ts';
import type { Metered } from './table-meter.ts';
import { COUNTED_APART, WRITE_KINDS } from './write-kinds.ts';

const SIZES = [1000, 10_000, 100_000];
const QUICK_SIZES = [1000, 5000];
const CHANGED = 0.01;

/** One sync and what it wrote. */
interface Sync {
  readonly job: SyncedJob;
  readonly metered: Metered;
  /** Write units without those that are counted apart. */
  readonly units: number;
}

interface Series {
  readonly resources: number;
  readonly scans: number;
  readonly first: Sync;
  readonly unchanged: Sync;
  readonly changed: Sync;
  readonly gone: Sync;
}

/** What the table is charged for four syncs of one account: first, unchanged, a hundredth changed, all gone. */
export const writes: Bench = {
  id: 'M3',
  title: 'DynamoDB write units of a sync, through the twin',
  quick: true,
  async run(progress, { quick }) {
    const all: Series[] = [];
    for (const size of quick ? QUICK_SIZES : SIZES) all.push(await measured(size, progress));
    return measuresOf(all, quick);
  },
};

async function measured(size: number, progress: (line: string) => void): Promise<Series> {
  const twin = await startMeteredTwin({});
  try {
    resize(twin.aws, size);
    const id = await twin.connect();
    const take = async (what: string, start = true): Promise<Sync> => {
      const job = await sync(twin, id, start);
      const one = syncOf(job, twin);
      progress(`${size.toLocaleString('en')}, ${what}: ${describe(one)}`);
      return one;
    };
    const first = await take('first', false);
    const unchanged = await take('unchanged');
    twin.aws.knobs({ change: [{ share: CHANGED }] });
    const changed = await take('1 % changed');
    empty(twin.aws);
    const gone = await take('all gone');
    const scans = (await twin.items()).filter(({ sk }) => /^SCAN#.*#(?!regions$)[a-z0-9_]+$/.test(String(sk))).length;
    return { resources: first.job.found, scans, first, unchanged, changed, gone };
  } finally {
    await twin.stop();
  }
}

function syncOf(job: SyncedJob, { meter }: MeteredTwin): Sync {
  const metered = meter.take();
  const counted = WRITE_KINDS.filter((kind) => !COUNTED_APART.has(kind));
  const units = counted.reduce((sum, kind) => sum + (metered.writes[kind]?.units ?? 0), metered.indexUnits);
  return { job, metered, units };
}

function describe({ job, metered, units }: Sync): string {
  const kinds = WRITE_KINDS.flatMap((kind) => {
    const written = metered.writes[kind];
    return written === undefined ? [] : [`${kind} ${written.units}`];
  });
  const { found, created, updated, removed, calls, milliseconds } = job;
  return [
    `${units} units (${kinds.join(', ')}, index ${metered.indexUnits})`,
    `${metered.readUnits} read units`,
    `${found} found, ${created} created, ${updated} changed, ${removed} gone, ${calls} calls`,
    `${(milliseconds / 1000).toFixed(1)} s`,
  ].join('; ');
}

function measuresOf(all: readonly Series[], quick: boolean): readonly Measure[] {
  const largest = all.reduce((a, b) => (b.resources > a.resources ? b : a));
  const most = all.reduce((a, b) => (b.unchanged.units > a.unchanged.units ? b : a));
  const costliest = all.reduce((a, b) => (firstPerThousand(b) > firstPerThousand(a) ? b : a));
  const each = (figure: (one: Series) => string): string =>
    all.map((one) => `${one.resources.toLocaleString('en')}: ${figure(one)}`).join('; ');
  const how = 'consumed capacity as the local table reports it, and writes of the due index by arithmetic';
  return [
    {
      id: 'M3',
      name: 'write units of a first sync per 1,000 resources, less two per scan',
      value: firstPerThousand(costliest),
      must: 1250,
      aim: 1050,
      note: `the worst of ${each((one) => firstPerThousand(one).toFixed(0))}; ${how}; ${apart(largest.first)}`,
    },
    {
      id: 'M3',
      name: 'write units of an unchanged sync, in total',
      value: most.unchanged.units,
      must: 40,
      aim: 20,
      note: `the most of ${each(({ unchanged }) => String(unchanged.units))}; ${apart(largest.unchanged)}`,
    },
    // It is asked for at 100,000: a hundredth of a small account is little next to two writes per changed scan.
    ...(quick ? [] : [onePercent(largest, all)]),
    {
      id: 'M3',
      name: 'write units of a sync that finds all gone, per 1,000 resources',
      value: (largest.gone.units / largest.gone.job.removed) * 1000,
      must: 1250,
      aim: 1050,
      note: `${largest.gone.job.removed} gone, ${largest.gone.job.found} are what every account has; at ${each(({ gone }) => ((gone.units / gone.job.removed) * 1000).toFixed(0))}; ${describe(largest.gone)}`,
    },
  ];
}

function onePercent(largest: Series, all: readonly Series[]): Measure {
  const { resources, changed } = largest;
  const each = all.map(
    (one) => `${one.resources.toLocaleString('en')}: ${perThousand(one, one.changed.units).toFixed(1)}`,
  );
  return {
    id: 'M3',
    name: `write units of a sync with 1 % changed, per 1,000 resources, at ${resources.toLocaleString('en')}`,
    value: perThousand(largest, changed.units),
    must: 25,
    aim: 13,
    note: `${changed.job.updated} changed; ${each.join('; ')}; ${describe(changed)}`,
  };
}

const perThousand = ({ resources }: Series, units: number): number => (units / resources) * 1000;
const firstPerThousand = (one: Series): number => perThousand(one, one.first.units - 2 * one.scans);

function apart({ metered }: Sync): string {
  const units = [...COUNTED_APART].map((kind) => `${metered.writes[kind]?.units ?? 0} ${kind}`);
  return `counted apart: ${units.join(', ')}`;
}
