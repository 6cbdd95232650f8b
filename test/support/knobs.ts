import { defaultKnobs, type Knobs } from '../../lib/local/clouds/aws/knobs.ts';

/** The sample AWS as most tests want it: two busy regions, a middling and a quiet one, so that a sync is soon over. */
export const testKnobs: Knobs = { ...defaultKnobs, regions: ['us-east-1', 'eu-west-1', 'us-west-2', 'sa-east-1'] };
