import { ConflictError, NotFoundError } from './errors.ts';
import { endJob, type FinishPorts } from './finish.ts';
import { type JobItem, jobItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { kindOfActive } from './of-kind.ts';
import type { Table } from './ports.ts';
import { parseItem, readProvider } from './provider.ts';

/**
 * Cancels a job that is queued or running: its row becomes final, the provider is free, and its workers find the fence
 * closed within the page in flight. What it collected stays. One that was cancelled before is left as it is.
 * @throws NotFoundError for no such job, or a provider that is not connected; ConflictError `JOB_ENDED`.
 */
export async function cancelJob(ports: FinishPorts, ref: ProviderRef, job: number): Promise<void> {
  const provider = await readProvider(ports.table, ref);
  if (provider?.state !== 'connected') throw new NotFoundError();
  const row = await readJob(ports.table, ref, job);
  const active = kindOfActive(provider, job);
  const kind = active ?? row?.kind;
  if (kind === undefined) throw new NotFoundError();
  if (row?.outcome !== undefined && row.outcome !== 'cancelled') throw new JobEndedError();
  // A row that is final while its job is still the active one: a cancel died before it had freed the provider.
  if (row?.outcome === 'cancelled' && active === undefined) return;
  await endJob(ports, ref, kind, job, { outcome: 'cancelled', by: 'outside', error: 'The job was cancelled.' });
  // Its last task may have joined meanwhile: then that is how it ended.
  const ended = await readJob(ports.table, ref, job);
  if (ended?.outcome !== 'cancelled') throw new JobEndedError();
}

/** It has ended otherwise; nothing was changed (409). */
class JobEndedError extends ConflictError {
  constructor() {
    super('JOB_ENDED', 'The job has ended and cannot be cancelled any more.');
  }
}

async function readJob(table: Table, ref: ProviderRef, job: number): Promise<JobItem | undefined> {
  const item = await table.get(keys.job(ref, job));
  return item === undefined ? undefined : parseItem(jobItem, item);
}
