import type { CollectorFacts, Scopes } from './cloud.ts';
import type { PlanBody } from './items.ts';

/** Scans that one task may hold before another is opened: an invocation works so many in a few seconds. */
const SCANS_PER_TASK = 24;
/** Every task costs three writes, and the event source starts with five invocations. */
const USUAL_TASKS = 4;
/** Only a sync that takes longer is cut into more. */
const MOST_TASKS = 8;
/** Milliseconds of scans, one after the other, that one invocation is given of such a long one. */
const LONG_MS = 1_200_000;

type Scan = PlanBody['scans'][number][number];

/** What a scan took last time, in milliseconds, by `<scope>#<collector>`. */
export type Durations = ReadonlyMap<string, number>;

/** Milliseconds that a scan is expected to take before it was ever measured. */
function guess(collector: CollectorFacts, scope: string, primary: string | undefined): number {
  // A describe for each item takes longer than a list, and most of an account is in its main region or global.
  const calls = collector.permissions.length > 1 ? 4 : 1;
  const size = scope === primary || scope === 'us-east-1' ? 3 : scope === 'global' ? 2 : 1;
  return 200 * calls * size;
}

/**
 * Packs every (collector, scope) into tasks of about equal length, and the longest scans of each first. All scans of one
 * (service, scope) go into one task, so that the service's rate limit there has one owner. The same input gives the
 * same plan.
 */
export function packTasks(
  collectors: readonly CollectorFacts[],
  scopes: Scopes,
  durations: Durations = new Map(),
): PlanBody['scans'] {
  const groups = new Map<string, Scan[]>();
  for (const collector of collectors) {
    for (const scope of scopes.byKind[collector.scope] ?? []) {
      const key = `${collector.service}@${scope}`;
      const group = groups.get(key) ?? [];
      const weight = durations.get(`${scope}#${collector.name}`) ?? guess(collector, scope, scopes.primary);
      group.push([collector.name, scope, Math.round(weight)]);
      groups.set(key, group);
    }
  }
  const all = [...groups.values()].flat();
  if (all.length === 0) return [];
  const usual = Math.min(USUAL_TASKS, Math.ceil(all.length / SCANS_PER_TASK));
  const long = Math.min(MOST_TASKS, Math.ceil(weightOf(all) / LONG_MS));
  const count = Math.min(Math.max(usual, long), groups.size);
  const tasks = Array.from({ length: count }, (): { weight: number; readonly scans: Scan[] } => ({
    weight: 0,
    scans: [],
  }));
  const ordered = [...groups.entries()].sort(([a, x], [b, y]) => weightOf(y) - weightOf(x) || (a < b ? -1 : 1));
  for (const [, group] of ordered) {
    const least = tasks.reduce((best, task) => (task.weight < best.weight ? task : best));
    least.weight += weightOf(group);
    least.scans.push(...group);
  }
  return tasks.sort((a, b) => b.weight - a.weight).map(({ scans }) => scans.sort(([, , x], [, , y]) => y - x));
}

const weightOf = (scans: readonly Scan[]): number => scans.reduce((n, [, , weight]) => n + weight, 0);

/** A plan is worth its write when a scan takes so much longer or shorter than it was planned with. */
const DIFFERENT = 0.2;
/** Milliseconds below which a difference is noise. */
const NOISE_MS = 2000;

/** Whether a stored plan still serves: the same scans, none of them far from what was expected. */
export function isStillGood(stored: PlanBody['scans'], fresh: PlanBody['scans']): boolean {
  const expected = new Map(stored.flat().map(([collector, scope, weight]) => [`${scope}#${collector}`, weight]));
  const now = fresh.flat();
  if (now.length !== expected.size) return false;
  return now.every(([collector, scope, weight]) => {
    const before = expected.get(`${scope}#${collector}`);
    return before !== undefined && Math.abs(weight - before) <= Math.max(NOISE_MS, before * DIFFERENT);
  });
}
