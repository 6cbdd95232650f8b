import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../domain/ports.ts';

/** The machine's own clock. */
export const clock: Clock = {
  now: Date.now,
  sleep: (milliseconds) => (milliseconds > 0 ? setTimeout(milliseconds) : Promise.resolve()),
};
