import { tableReader } from '../adapters/dynamodb-table.ts';
import { listCoverage } from '../domain/coverage.ts';
import { readCursor, writeCursor } from '../domain/cursor.ts';
import { hasHistory } from '../domain/provider.ts';
import { collectorsOf } from '../providers/registered.ts';
import { pageHeaders } from './common/paging.ts';
import { coverageWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/coverage`: what is known of each cell and what is not, and why; also of a disconnected provider. */
export const handler = endpoint(routes.listCoverage, { table: tableReader }, async (call, { table }) => {
  const { limit, cursor, ...filter } = call.query;
  const ref = { tenant: call.caller.tenantHash, id: call.params.id };
  const scope = ['coverage', ref.tenant, ref.id, filter.type, filter.region, filter.outcome];
  const after = readCursor(scope, cursor);
  const provider = await hasHistory(table, ref);
  const of = { ref, collectors: collectorsOf(provider.cloud), lastFullSyncAt: provider.last_full_sync_at };
  const page = await listCoverage(table, of, filter, { limit, after });
  const next = page.next === undefined ? undefined : writeCursor(scope, page.next);
  return { body: page.rows.map(coverageWire), headers: pageHeaders(call.url, next, page.total) };
});
