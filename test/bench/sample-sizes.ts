import { MAIN_ACCOUNT, type SampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import { SMALLEST, sizeFor } from './rig/sample-rig.ts';

/** How many resources the main sample account holds at the knobs as they stand. */
export const resourcesOf = (aws: SampleAws): number =>
  Object.values(aws.counts(MAIN_ACCOUNT.accountId))
    .flatMap((regions) => Object.values(regions))
    .reduce((sum, count) => sum + count, 0);

/** Turns the sample's size so that the main account holds about so many resources. */
export const resize = (aws: SampleAws, resources: number): void => aws.knobs({ size: sizeFor(resources) });

/** Takes everything out of the main account but what every account has from the start. */
export const empty = (aws: SampleAws): void => aws.knobs({ size: SMALLEST });
