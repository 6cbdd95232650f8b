import { type Assignment, report, takeTask } from './assignment.ts';
import { Bits } from './bits.ts';
import type { CollectorFacts, Failure } from './cloud.ts';
import { sayFailed } from './cost-state.ts';
import { RetryLaterError } from './errors.ts';
import { FencedOffError } from './fence.ts';
import { type FinishPorts, join } from './finish.ts';
import { keys, stampOf } from './keys.ts';
import type { Worker } from './lease.ts';
import type { TaskMessage } from './messages.ts';
import { resultOf } from './one-scan.ts';
import type { DeadLetters } from './ports.ts';
import { typesOfScan } from './scan-cells.ts';
import { readScan } from './scan-row.ts';
import { readPlan } from './stored-plan.ts';
import { Tally } from './task-report.ts';
import { failScan, isCommittedBy } from './work-scan.ts';

/** The ledger's word for a scan whose task could not be done, however often it was tried. */
const TASK_FAILED: Failure = { outcome: 'failed', code: 'TASK_FAILED', retryable: false };

export interface FailPorts extends FinishPorts {
  readonly deadLetters: DeadLetters;
  collectors(cloud: string): readonly CollectorFacts[];
  /** Name of the cloud's source of costs. */
  costSource(cloud: string): string | undefined;
}

/**
 * Ends a task that its queue has given up on: its scans fail, what they held stays, and it joins so that no job hangs.
 * The message is parked where an alarm sees it. Takes the lease and looks at job row and fence as collect does.
 */
export async function failTask(ports: FailPorts, message: TaskMessage, body: string, worker: Worker): Promise<void> {
  const assignment = await takeFailedTask(ports, message, worker);
  if (assignment !== undefined) {
    try {
      await assignment.fence.pass();
      await (message.kind === 'costs' ? failCosts(ports, assignment) : failScans(ports, assignment));
      await join(ports, assignment.ref, message.kind, message.job, message.task);
      ports.metrics.count('TaskFailed');
    } catch (error) {
      if (!(error instanceof FencedOffError)) throw error;
    }
  }
  await ports.deadLetters.park(body, 'the task could not be done');
}

/** A lease that is held elsewhere belongs to a worker that may yet finish: look again later, do not acknowledge. */
async function takeFailedTask(ports: FailPorts, message: TaskMessage, worker: Worker): Promise<Assignment | undefined> {
  const taken = await takeTask(ports, message, worker);
  if (taken !== undefined) return taken;
  const item = await ports.table.get(
    keys.task({ tenant: message.tenant, id: message.provider }, message.job, message.task),
  );
  const until = typeof item?.lease_until === 'string' ? Date.parse(item.lease_until) : 0;
  const heldElsewhere = item?.lease_message !== worker.message && until > ports.clock.now();
  if (heldElsewhere) throw new RetryLaterError(Math.ceil((until - ports.clock.now()) / 1000));
  return undefined;
}

async function failCosts(ports: FailPorts, assignment: Assignment): Promise<void> {
  const { ref, job, lease, provider } = assignment;
  const tally = new Tally();
  if (lease.task.so_far !== undefined) tally.addReport(lease.task.so_far);
  const source = ports.costSource(provider.cloud);
  if (source !== undefined) {
    const stamp = stampOf(job.job, lease.task.attempt);
    await sayFailed({ table: ports.table, ref, source, stamp, startedAt: job.started_at }, TASK_FAILED);
  }
  tally.addScan({ cells: { failed: 1 }, found: 0, created: 0, updated: 0, removed: 0 });
  await report(ports, assignment, tally);
}

async function failScans(ports: FailPorts, assignment: Assignment): Promise<void> {
  const { ref, job, message, provider, lease } = assignment;
  const plan = await readPlan(ports.table, ref, job.plan ?? 0);
  const facts = new Map(ports.collectors(provider.cloud).map((one) => [one.name, one]));
  const scans = plan.scans[message.task - 1] ?? [];
  const done = new Bits(scans.length, lease.task.done);
  const tally = new Tally();
  if (lease.task.so_far !== undefined) tally.addReport(lease.task.so_far);
  for (const [index, [collector, scope]] of scans.entries()) {
    if (done.has(index)) continue;
    const row = await readScan(ports.table, ref, scope, collector);
    if (row !== undefined && isCommittedBy(row, job.job)) {
      tally.addScan(resultOf(row, row.written));
      continue;
    }
    const known = facts.get(collector);
    const types = known === undefined ? Object.keys(row?.cells ?? {}) : typesOfScan(known, row);
    const failing = { failure: TASK_FAILED, types, version: row?.version ?? 0 };
    tally.addScan(await failScan({ ...assignment, table: ports.table }, { collector, scope }, row, failing));
  }
  await report(ports, assignment, tally);
}
