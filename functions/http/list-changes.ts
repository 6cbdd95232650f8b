import { tableReader } from '../adapters/dynamodb-table.ts';
import { listChanges } from '../domain/changes.ts';
import { readCursor, writeCursor } from '../domain/cursor.ts';
import { hasHistory } from '../domain/provider.ts';
import { pageHeaders } from './common/paging.ts';
import { changeWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/changes`: what appeared, changed and vanished, newest first; also of a disconnected provider. */
export const handler = endpoint(routes.listChanges, { table: tableReader }, async (call, { table }) => {
  const { limit, cursor, since, type } = call.query;
  const ref = { tenant: call.caller.tenantHash, id: call.params.id };
  const scope = ['changes', ref.tenant, ref.id, since, type];
  const after = readCursor(scope, cursor);
  await hasHistory(table, ref);
  const page = await listChanges(table, ref, { since, type }, { limit, after });
  const next = page.next === undefined ? undefined : writeCursor(scope, page.next);
  return { body: page.changes.map(changeWire), headers: pageHeaders(call.url, next, undefined) };
});
