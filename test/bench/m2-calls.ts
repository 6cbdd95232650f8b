import { collectorsOf } from '../../functions/providers/registered.ts';
import { MAIN_ACCOUNT, type SampleCall } from '../../lib/local/clouds/aws/sample-aws.ts';
import { fewestCalls } from './fewest-calls.ts';
import type { Bench, Measure } from './measure.ts';
import { type MeteredTwin, startMeteredTwin, sync } from './metered-twin.ts';
import { resize, resourcesOf } from './sample-sizes.ts';

const RESOURCES = 10_000;
const QUICK_RESOURCES = 2000;
const THROTTLED = 0.05;
/** Codes that the sample cloud throttles with. */
const THROTTLE = /^(Throttl|RequestLimitExceeded|SlowDown|TooManyRequests)/;

/** Calls to the cloud next to the fewest that could do, as the sample cloud counts them. */
export const calls: Bench = {
  id: 'M2',
  title: 'API calls next to the fewest possible',
  quick: true,
  async run(progress, { quick }) {
    const twin = await startMeteredTwin({ buckets: 'documented' });
    try {
      resize(twin.aws, quick ? QUICK_RESOURCES : RESOURCES);
      const id = await twin.connect();
      await sync(twin, id, false);
      const fair = callsOf(twin);
      twin.aws.knobs({ throttle: [{ rate: THROTTLED }] });
      await sync(twin, id);
      const throttled = callsOf(twin);
      return measuresOf(twin, fair, throttled, progress);
    } finally {
      await twin.stop();
    }
  },
};

/** What was called since the last time, but for the proof of the credentials at connect, which is no part of a sync. */
function callsOf({ aws }: MeteredTwin): readonly SampleCall[] {
  if (aws.unknownCalls().length > 0) throw new Error(`The sample AWS does not know ${aws.unknownCalls().join(', ')}.`);
  const made = aws.calls().filter(({ service }) => service !== 'sts');
  aws.resetCalls();
  return made;
}

function measuresOf(
  { aws }: MeteredTwin,
  fair: readonly SampleCall[],
  throttled: readonly SampleCall[],
  progress: (line: string) => void,
): readonly Measure[] {
  const fewest = fewestCalls(aws.counts(MAIN_ACCOUNT.accountId));
  const own = fair.filter(({ outcome }) => THROTTLE.test(outcome)).length;
  const refused = throttled.filter(({ outcome }) => THROTTLE.test(outcome)).length;
  const types = collectorsOf('aws').length;
  const what = `${resourcesOf(aws).toLocaleString('en')} resources of ${types} types in ${aws.regions().length} regions: at least ${fewest} calls (a full page each by the service's own limit, a describe per item where a list says too little, one list of regions)`;
  progress(
    `${fair.length} calls, ${own} throttled; at 5 %: ${throttled.length}, ${refused} throttled; least ${fewest}`,
  );
  return [
    {
      id: 'M2',
      name: 'API calls ÷ minimum, fault free',
      value: fair.length / fewest,
      must: 1,
      aim: 1,
      note: `${fair.length} calls counted at the sample AWS, its token buckets at the documented rates; ${what}`,
    },
    {
      id: 'M2',
      name: 'API calls ÷ minimum, 5 % throttled',
      value: throttled.length / fewest,
      must: 1.1,
      aim: 1.06,
      note: `${throttled.length} calls, ${refused} of them throttled by a seeded generator; 1 ÷ 0.95 = 1.053 is what a cloud that refuses 5 % leaves`,
    },
    {
      id: 'M2',
      name: 'throttles of our own making',
      value: own,
      must: 0,
      aim: 0,
      note: 'refusals by the documented token buckets of the sample AWS, fault free',
    },
  ];
}
