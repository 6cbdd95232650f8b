import { quotaOf } from '../../../functions/providers/aws/quotas.ts';
import { collectorsOf } from '../../../functions/providers/registered.ts';
import { ENABLED_REGIONS, MAIN_ACCOUNT } from '../../../lib/local/clouds/aws/accounts.ts';
import { countsOf } from '../../../lib/local/clouds/aws/inventory/generate.ts';
import { defaultKnobs, type Knobs } from '../../../lib/local/clouds/aws/knobs.ts';
import { services } from '../../../lib/local/clouds/aws/services/registered.ts';
import { DirectAws } from '../direct-aws.ts';
import { Rig, type RigOptions } from './rig.ts';
import { timedSession } from './timed-session.ts';

/** Milliseconds of one call to the cloud. */
export const CALL_MS = 100;

/** AWS's scopes by kind, as planning has them. */
export const byKindIn = (regions: readonly string[]) => ({
  everywhere: ['global', ...regions],
  global: ['global'],
  region: regions,
});

/** A rig with the main sample account behind it, all registered types in its 17 regions. */
export interface SampleRig {
  readonly rig: Rig;
  /** Turns knobs, until the next turn; those that are not named are as they were at the start. */
  turn(knobs: Partial<Knobs>): Promise<void>;
}

export async function sampleRig(knobs: Partial<Knobs>, options: Partial<RigOptions> = {}): Promise<SampleRig> {
  const collectors = collectorsOf('aws');
  const regions = knobs.regions ?? ENABLED_REGIONS;
  let aws = new DirectAws(services, knobs, false);
  const turn = async (change: Partial<Knobs>): Promise<void> => {
    aws = new DirectAws(services, { ...knobs, ...change }, false);
    // A module that is being loaded would hold no clock of ours.
    await Promise.all(collectors.map(({ name }) => aws.collector(name, 'us-east-1')));
  };
  await turn({});
  const rig = new Rig({
    collectors,
    scopes: {
      byKind: byKindIn(regions),
      primary: 'us-east-1',
      calls: { 'ec2 DescribeRegions ok': 1 },
    },
    scopesMs: CALL_MS,
    session: (clock) => timedSession(aws, clock, CALL_MS, quotaOf),
    ...options,
  });
  return { rig, turn };
}

/** How many resources the main sample account holds at these knobs. */
export const resourcesAt = (knobs: Partial<Knobs>): number =>
  Object.values(countsOf(MAIN_ACCOUNT, { ...defaultKnobs, ...knobs }))
    .flatMap((regions) => Object.values(regions))
    .reduce((sum, count) => sum + count, 0);

/** Of an account that holds nothing but what every account has from the start. */
export const SMALLEST = 1e-9;
const LARGE = 1000;

/** The size at which the main sample account holds about so many resources. */
export function sizeFor(resources: number): number {
  const fixed = resourcesAt({ size: SMALLEST });
  const growing = (resourcesAt({ size: LARGE }) - fixed) / LARGE;
  return Math.max(SMALLEST, (resources - fixed) / growing);
}
