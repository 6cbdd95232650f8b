import { tableReader } from '../adapters/dynamodb-table.ts';
import { NotFoundError } from '../domain/errors.ts';
import { readJobView } from '../domain/job-view.ts';
import { hasHistory } from '../domain/provider.ts';
import { jobDetailWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/jobs/{job_id}`: how far a job is, or how it ended; also of a provider that was disconnected. */
export const handler = endpoint(routes.getJob, { table: tableReader }, async ({ caller, params }, { table }) => {
  const ref = { tenant: caller.tenantHash, id: params.id };
  const provider = await hasHistory(table, ref);
  const job = await readJobView(table, ref, provider, params.job_id);
  if (job === undefined) throw new NotFoundError();
  return { body: jobDetailWire(job) };
});
