import type { Random } from '../aws/random.ts';
import type { SampleCall } from '../sample-cloud.ts';
import type { Jobs } from './billing/jobs.ts';
import type { Knobs } from './knobs.ts';
import type { Quotas } from './quotas.ts';
import type { Tokens } from './token-endpoint.ts';

/** What one running sample cloud knows; the answers are made from it. */
export interface State {
  knobs: Knobs;
  calls: SampleCall[];
  /** How many calls each throttle with `first` has refused, by its place in the list. */
  throttled: Map<number, number>;
  /** Decides which calls a throttle with a rate refuses: always the same of as many calls, in whatever order. */
  random: Random;
  readonly quotas: Quotas;
  readonly tokens: Tokens;
  readonly jobs: Jobs;
  unknown: string[];
}
