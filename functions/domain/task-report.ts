import { OUTCOMES } from './cloud.ts';
import { packBytes, unpackBytes } from './hashing.ts';
import { type CallCounts, type CellCounts, callCounts, type TaskReport, type Totals, taskItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { TableReader } from './ports.ts';
import { parseItem, queryAll } from './provider.ts';

/** What one scan came to. */
export interface ScanResult {
  /** Its cells by outcome. */
  readonly cells: CellCounts;
  readonly found: number;
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
}

/** Adds up scans and calls into what a task, or a part of it, has come to. */
export class Tally {
  readonly cells: CellCounts = {};
  readonly calls: Record<string, number> = {};
  found = 0;
  created = 0;
  updated = 0;
  removed = 0;

  addScan(result: ScanResult): void {
    this.#addCells(result.cells);
    this.#addNumbers(result);
  }

  addCalls(calls: CallCounts): void {
    for (const [key, n] of Object.entries(calls)) this.calls[key] = (this.calls[key] ?? 0) + n;
  }

  addReport(report: TaskReport): void {
    this.#addCells(report.cells);
    this.#addNumbers(report);
    this.addCalls(unpackBytes(callCounts, report.calls));
  }

  get apiCalls(): number {
    return Object.values(this.calls).reduce((n, calls) => n + calls, 0);
  }

  /** As a job keeps it. */
  totals(): Totals {
    const { cells, found, created, updated, removed, apiCalls: api_calls } = this;
    return { cells: { ...cells }, found, created, updated, removed, api_calls };
  }

  /** As a task keeps it. */
  report(): TaskReport {
    return { ...this.totals(), calls: packBytes(this.calls) };
  }

  #addCells(cells: CellCounts): void {
    for (const outcome of OUTCOMES) {
      const n = cells[outcome];
      if (n !== undefined) this.cells[outcome] = (this.cells[outcome] ?? 0) + n;
    }
  }

  #addNumbers(of: Pick<TaskReport, 'found' | 'created' | 'updated' | 'removed'>): void {
    this.found += of.found;
    this.created += of.created;
    this.updated += of.updated;
    this.removed += of.removed;
  }
}

/**
 * Sums what a job's tasks say, and which calls its planning took; undefined where no task has a row (any more). Of one
 * task only one counts: its report, else how far its link is, which has in it what earlier links came to, else that.
 */
export async function readReports(
  table: TableReader,
  ref: ProviderRef,
  job: { readonly job: number; readonly calls?: CallCounts | undefined },
): Promise<Tally | undefined> {
  const tally = new Tally();
  tally.addCalls(job.calls ?? {});
  const tasks = await queryAll(table, keys.tasks(ref, job.job));
  for (const item of tasks) {
    const task = parseItem(taskItem, item);
    const report = task.report ?? task.progress ?? task.so_far;
    if (report !== undefined) tally.addReport(report);
  }
  return tasks.length > 0 ? tally : undefined;
}
