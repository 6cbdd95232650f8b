import { OUTCOMES, type Outcome } from './cloud.ts';
import { packText, unpackText } from './hashing.ts';
import { type CallCounts, type CellCounts, callCounts, type TaskReport } from './items.ts';

/** What one scan came to. */
export interface ScanResult {
  readonly outcome: Outcome;
  readonly cells: number;
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

  addScan({ outcome, cells, ...rest }: ScanResult): void {
    this.cells[outcome] = (this.cells[outcome] ?? 0) + cells;
    this.#addNumbers(rest);
  }

  addCalls(calls: CallCounts): void {
    for (const [key, n] of Object.entries(calls)) this.calls[key] = (this.calls[key] ?? 0) + n;
  }

  addReport(report: TaskReport): void {
    for (const outcome of OUTCOMES) {
      const n = report.cells[outcome];
      if (n !== undefined) this.cells[outcome] = (this.cells[outcome] ?? 0) + n;
    }
    this.#addNumbers(report);
    this.addCalls(unpackText(callCounts, report.calls));
  }

  get apiCalls(): number {
    return Object.values(this.calls).reduce((n, calls) => n + calls, 0);
  }

  report(): TaskReport {
    const { cells, found, created, updated, removed } = this;
    return {
      cells: { ...cells },
      found,
      created,
      updated,
      removed,
      api_calls: this.apiCalls,
      calls: packText(this.calls),
    };
  }

  #addNumbers(of: Pick<TaskReport, 'found' | 'created' | 'updated' | 'removed'>): void {
    this.found += of.found;
    this.created += of.created;
    this.updated += of.updated;
    this.removed += of.removed;
  }
}
