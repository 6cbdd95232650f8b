import { makespan } from './m1-makespan.ts';
import { calls } from './m2-calls.ts';
import { writes } from './m3-writes.ts';
import { bundles } from './m4-bundles.ts';
import { requests } from './m5-requests.ts';
import { cost } from './m6-cost.ts';
import { memory } from './m7-memory.ts';
import { rate } from './m8-rate.ts';
import { extra } from './m9-extra.ts';
import { small } from './m10-small.ts';
import type { Bench } from './measure.ts';

/** REGISTRY: one line per bench, in the order they run. */
export const benches: readonly Bench[] = [makespan, calls, writes, bundles, requests, cost, memory, rate, extra, small];
