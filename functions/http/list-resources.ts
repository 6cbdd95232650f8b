import { tableReader } from '../adapters/dynamodb-table.ts';
import { readCursor, writeCursor } from '../domain/cursor.ts';
import { listResources } from '../domain/inventory.ts';
import { hasHistory } from '../domain/provider.ts';
import { collectorsOf } from '../providers/registered.ts';
import { pageHeaders } from './common/paging.ts';
import { resourceWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/resources`: the inventory, current ones by default; also of a provider that was disconnected. */
export const handler = endpoint(routes.listResources, { table: tableReader }, async (call, { table }) => {
  const { query } = call;
  const ref = { tenant: call.caller.tenantHash, id: call.params.id };
  const scope = ['resources', ref.tenant, ref.id, query.type, query.region, query.status, query.external_id];
  const after = readCursor(scope, query.cursor);
  const provider = await hasHistory(table, ref);
  const page = await listResources(
    table,
    { ref, lastFullSyncAt: provider.last_full_sync_at, collectors: collectorsOf(provider.cloud) },
    { type: query.type, region: query.region, status: query.status, externalId: query.external_id },
    { limit: query.limit, after },
  );
  const next = page.next === undefined ? undefined : writeCursor(scope, page.next);
  return { body: page.resources.map(resourceWire), headers: pageHeaders(call.url, next, page.total) };
});
