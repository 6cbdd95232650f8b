import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/accounts.ts';
import { countsOf } from '../../lib/local/clouds/aws/inventory/generate.ts';
import { defaultKnobs, type Knobs } from '../../lib/local/clouds/aws/knobs.ts';
import { listOf } from './aws-lists.ts';

/** The list of the account's regions. */
const REGIONS = 1;

/** The fewest calls that can read an account whole. @param counts by type and region. */
export function fewestCalls(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): number {
  let calls = REGIONS;
  for (const [type, regions] of Object.entries(counts)) {
    const { page, describe } = listOf(type);
    for (const count of Object.values(regions)) {
      calls += Math.max(1, Math.ceil(count / page)) + (describe === undefined ? 0 : Math.ceil(count / describe));
    }
  }
  return calls;
}

/** The same of the main sample account at these knobs. */
export const fewestCallsAt = (knobs: Partial<Knobs>): number =>
  fewestCalls(countsOf(MAIN_ACCOUNT, { ...defaultKnobs, ...knobs }));
