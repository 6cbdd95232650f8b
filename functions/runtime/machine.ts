import type { Log, Metrics } from '../domain/log.ts';
import type { Clock } from '../domain/ports.ts';
import { clock } from './clock.ts';
import { log, metrics } from './logger.ts';

/** What a handler has of the machine it runs on, beside its ports. The simulator has another one. */
export interface Machine {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export const machine: Machine = { clock, log, metrics, random: Math.random };
