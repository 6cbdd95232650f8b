import type { SampleCall, SampleCloud } from '../../lib/local/clouds/sample-cloud.ts';
import { fewestOf, withSample } from './cases.ts';
import { type BenchCloud, countOf } from './clouds/bench-cloud.ts';
import { otherClouds } from './clouds/registered.ts';
import { fewestCallsAt } from './fewest-calls.ts';
import { ready } from './m1-schedules.ts';
import type { Bench, Measure } from './measure.ts';
import { startMeteredTwin, sync } from './metered-twin.ts';
import { sizeFor } from './rig/sample-rig.ts';
import { resize, resourcesOf } from './sample-sizes.ts';

const RESOURCES = 10_000;
const QUICK_RESOURCES = 2000;
const THROTTLED = 0.05;
/** Codes that the sample AWS throttles with. */
const THROTTLE = /^(Throttl|RequestLimitExceeded|SlowDown|TooManyRequests)/;
/** Of an account of one of the other clouds, and syncs of it while a share is throttled: it takes few calls. */
const OTHER = { resources: 5000, syncs: 10, callMs: 100, share: 0.5 } as const;

/** Calls to the cloud next to the fewest that could do, as the sample clouds count them. */
export const calls: Bench = {
  id: 'M2',
  title: 'API calls next to the fewest possible',
  quick: true,
  async run(progress, { quick }) {
    const measures = [...measuresOf(await countedAws(quick ? QUICK_RESOURCES : RESOURCES), progress)];
    for (const cloud of otherClouds) measures.push(...measuresOf(await countedOther(cloud), progress));
    return measures;
  },
};

/** What was counted. */
interface Counted {
  readonly cloud: string;
  readonly fewest: number;
  readonly fair: number;
  /** Refusals by the documented rates, without any fault. */
  readonly own: number;
  /** Of so many syncs with a share throttled. */
  readonly throttled: number;
  readonly syncs: number;
  readonly refused: number;
  /** What is read, and how it was counted. */
  readonly what: string;
}

async function countedAws(resources: number): Promise<Counted> {
  const twin = await startMeteredTwin({ buckets: 'documented' });
  try {
    resize(twin.aws, resources);
    const id = await twin.connect();
    await sync(twin, id, false);
    // The proof of the credentials at connect is no part of a sync.
    const made = (): readonly SampleCall[] => madeAt(twin.aws).filter(({ service }) => service !== 'sts');
    const fair = made();
    twin.aws.knobs({ throttle: [{ rate: THROTTLED }] });
    await sync(twin, id);
    const throttled = made();
    const refusedOf = (made: readonly SampleCall[]): number =>
      made.filter(({ outcome }) => THROTTLE.test(outcome)).length;
    return {
      cloud: 'aws',
      fewest: fewestCallsAt({ size: sizeFor(resources) }),
      fair: fair.length,
      own: refusedOf(fair),
      throttled: throttled.length,
      syncs: 1,
      refused: refusedOf(throttled),
      what: `${resourcesOf(twin.aws).toLocaleString('en')} resources in ${twin.aws.regions().length} regions, counted at the sample AWS, its token buckets at the documented rates; a full page each by the service's own limit, a describe per item where a list says too little, a list per bus or cluster, IAM in one chain, one list of regions`,
    };
  } finally {
    await twin.stop();
  }
}

/** What was called since the last time. */
function madeAt(sample: SampleCloud): readonly SampleCall[] {
  const unknown = sample.unknownCalls();
  if (unknown.length > 0) throw new Error(`The sample does not know ${unknown.join(', ')}.`);
  const made = sample.calls();
  sample.resetCalls();
  return made;
}

const countedOther = (cloud: BenchCloud): Promise<Counted> =>
  withSample(cloud, OTHER.resources, OTHER, async (of, sample) => {
    const { rig, counted } = ready(of);
    const made = (): readonly SampleCall[] => madeAt(sample).filter((call) => !cloud.isBesides(call));
    made();
    await rig.sync();
    const fair = made();
    const own = counted().throttles;
    const services = new Set(of.collectors.map(({ service }) => service));
    sample.turn({ throttle: [...services].map((service) => ({ service, rate: THROTTLED })) });
    for (let n = 0; n < OTHER.syncs; n += 1) await rig.sync();
    const throttled = made();
    return {
      cloud: cloud.name,
      fewest: fewestOf(of),
      fair: fair.length,
      own,
      throttled: throttled.length,
      syncs: OTHER.syncs,
      refused: throttled.filter(({ outcome }) => outcome !== 'ok').length,
      what: `${countOf(sample.held()).toLocaleString('en')} resources, counted at the sample; the real session over loopback on a virtual clock, which throttles at the documented rates; tokens are not counted`,
    };
  });

function measuresOf(
  { cloud, fewest, fair, own, throttled, syncs, refused, what }: Counted,
  progress: (line: string) => void,
): readonly Measure[] {
  const overall = syncs === 1 ? '' : ` in ${syncs} syncs`;
  progress(
    `${cloud}: ${fair} calls, ${own} throttled; at 5 %: ${throttled}${overall}, ${refused} refused; least ${fewest}`,
  );
  return [
    {
      id: 'M2',
      name: `API calls ÷ minimum, ${cloud}, fault free`,
      value: fair / fewest,
      must: 1,
      aim: 1,
      note: `${fair} calls, at least ${fewest}; ${what}`,
    },
    {
      id: 'M2',
      name: `API calls ÷ minimum, ${cloud}, 5 % throttled`,
      value: throttled / syncs / fewest,
      must: 1.1,
      aim: 1.06,
      note: `${throttled} calls${overall}, ${refused} of them refused by a seeded generator; 1 ÷ 0.95 = 1.053 is what a cloud that refuses 5 % leaves`,
    },
    {
      id: 'M2',
      name: `throttles of our own making, ${cloud}`,
      value: own,
      must: 0,
      aim: 0,
      note: 'refusals at the documented rates, fault free',
    },
  ];
}
