import type { Assignment } from './assignment.ts';
import type { CallCounts } from './items.ts';
import { keys } from './keys.ts';
import { stillMine } from './lease.ts';
import type { Clock, Table } from './ports.ts';
import { type ScanResult, Tally } from './task-report.ts';

/** A task at work says how far it is at most so often, and not before it has worked so long. Milliseconds. */
const REPORT_EVERY_MS = 5000;

/** What a link of a task has come to, for its report and, while it lasts, for whoever watches. */
export class Progress {
  readonly #ports: { readonly table: Table; readonly clock: Clock };
  readonly #assignment: Assignment;
  readonly #calls: () => CallCounts;
  readonly #done = new Tally();
  #reading = 0;
  #reported: number;

  constructor(
    ports: { readonly table: Table; readonly clock: Clock },
    assignment: Assignment,
    calls: () => CallCounts,
  ) {
    this.#ports = ports;
    this.#assignment = assignment;
    this.#calls = calls;
    this.#reported = ports.clock.now();
    const earlier = assignment.lease.task.so_far;
    if (earlier !== undefined) this.#done.addReport(earlier);
  }

  /** So many resources more were read. */
  async read(resources: number): Promise<void> {
    this.#reading += resources;
    await this.#report();
  }

  async done(result: ScanResult): Promise<void> {
    this.#done.addScan(result);
    await this.#report();
  }

  /** Scans that are done and every call that was made. */
  tally(): Tally {
    const all = new Tally();
    all.addReport(this.#done.report());
    all.addCalls(this.#calls());
    return all;
  }

  async #report(): Promise<void> {
    const now = this.#ports.clock.now();
    if (now - this.#reported < REPORT_EVERY_MS) return;
    this.#reported = now;
    const { ref, message, lease } = this.#assignment;
    const report = this.tally().report();
    // Refused where the task is in other hands by now: whoever writes rows will find out.
    await this.#ports.table.update(keys.task(ref, message.job, message.task), {
      set: { progress: { ...report, found: Math.max(report.found, this.#reading) } },
      condition: stillMine(lease),
      blind: true,
    });
  }
}
