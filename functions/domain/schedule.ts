import type { ProviderItem } from './items.ts';
import { dueShard, type ProviderRef, stableHash } from './keys.ts';
import type { JobKind } from './messages.ts';
import { isoTime } from './ports.ts';

const MINUTE = 60_000;

/** Minutes between scheduled syncs of a provider that nobody has set otherwise. */
export const DEFAULT_INTERVAL_MINUTES = 360;
/** After which somebody looks at a job that was started. */
export const JOB_LOOK_MS = 2 * MINUTE;
/** After which a half-done connect is undone: longer than any Lambda of connect lives. */
export const CONNECT_LOOK_MS = 5 * MINUTE;
/** After a job that ended otherwise than by its join, old workers may live so long: collect's timeout and 10 s. */
export const QUIET_MS = 130_000;

/** Attributes that put a provider into the due index for a time (milliseconds). */
export function dueAt(ref: ProviderRef, at: number): { readonly due_pk: string; readonly due_at: string } {
  return { due_pk: dueShard(ref), due_at: isoTime(at) };
}

/** Attributes to remove to take a provider out of the due index. */
export const notDue: readonly string[] = ['due_pk', 'due_at'];

/** Costs are read once a day: clouds restate them about as often, and charge for each look. */
const COSTS_INTERVAL_MINUTES = 24 * 60;

/**
 * When the next scheduled job of a kind starts (milliseconds): a fixed raster of its interval, shifted by a hash of the
 * provider so that not all start at once, and never less than half an interval from now.
 */
export function nextJobAt(ref: ProviderRef, provider: ProviderItem, kind: JobKind, now: number): number {
  const interval = (kind === 'costs' ? COSTS_INTERVAL_MINUTES : provider.interval_minutes) * MINUTE;
  const offset = stableHash(ref) % interval;
  const next = Math.floor((now - offset) / interval) * interval + offset + interval;
  return next - now < interval / 2 ? next + interval : next;
}
