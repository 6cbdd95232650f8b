import { auditLog } from '../adapters/audit-log.ts';
import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { cancelJob } from '../domain/cancel.ts';
import { NotFoundError } from '../domain/errors.ts';
import { readJobView } from '../domain/job-view.ts';
import { hasHistory } from '../domain/provider.ts';
import { machine } from '../runtime/machine.ts';
import { jobDetailWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `POST /{id}/jobs/{job_id}/cancel`: stops a job; the answer is the job as it ended, the same however often it is sent. */
export const handler = endpoint(
  routes.cancelJob,
  { table, events: eventBus, audit: auditLog },
  async ({ caller, params }, ports) => {
    const ref = { tenant: caller.tenantHash, id: params.id };
    await cancelJob({ ...ports, ...machine }, ref, params.job_id);
    const provider = await hasHistory(ports.table, ref);
    const job = await readJobView(ports.table, ref, provider, params.job_id);
    if (job === undefined) throw new NotFoundError();
    return { body: jobDetailWire(job) };
  },
);
