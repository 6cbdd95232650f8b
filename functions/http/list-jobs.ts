import { tableReader } from '../adapters/dynamodb-table.ts';
import { readCursor, writeCursor } from '../domain/cursor.ts';
import { listJobs } from '../domain/list-jobs.ts';
import { hasHistory } from '../domain/provider.ts';
import { pageHeaders } from './common/paging.ts';
import { jobWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/jobs`: every job, newest first, with the one that waits or runs; also of a disconnected provider. */
export const handler = endpoint(routes.listJobs, { table: tableReader }, async (call, { table }) => {
  const { limit, cursor } = call.query;
  const ref = { tenant: call.caller.tenantHash, id: call.params.id };
  const scope = ['jobs', ref.tenant, ref.id];
  const after = readCursor(scope, cursor);
  const provider = await hasHistory(table, ref);
  const page = await listJobs(table, ref, provider, { limit, after });
  const next = page.next === undefined ? undefined : writeCursor(scope, page.next);
  return { body: page.jobs.map(jobWire), headers: pageHeaders(call.url, next, undefined) };
});
