import type { CollectorFacts, Scopes } from './cloud.ts';
import type { PlanBody } from './items.ts';

/** Scans that one task may hold before another is opened: an invocation works so many in a few seconds. */
const SCANS_PER_TASK = 64;
/** More tasks than this would wait for the event source's concurrency. */
const MOST_TASKS = 20;

type Scan = PlanBody['scans'][number][number];

/**
 * Packs every (collector, scope) into tasks of about equal length, the longest groups first. All scans of one
 * (service, scope) go into one task, so that the service's rate limit there has one owner. The same input gives the
 * same plan.
 */
export function packTasks(collectors: readonly CollectorFacts[], scopes: Scopes): PlanBody['scans'] {
  const groups = new Map<string, Scan[]>();
  for (const collector of collectors) {
    for (const scope of scopes.byKind[collector.scope] ?? []) {
      const key = `${collector.service}@${scope}`;
      const group = groups.get(key) ?? [];
      group.push([collector.name, scope]);
      groups.set(key, group);
    }
  }
  const scans = [...groups.values()].reduce((n, group) => n + group.length, 0);
  if (scans === 0) return [];
  const count = Math.min(MOST_TASKS, Math.ceil(scans / SCANS_PER_TASK), groups.size);
  const tasks: Scan[][] = Array.from({ length: count }, () => []);
  const ordered = [...groups.entries()].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  for (const [, group] of ordered) {
    tasks.reduce((least, task) => (task.length < least.length ? task : least)).push(...group);
  }
  return tasks.sort((a, b) => b.length - a.length);
}
