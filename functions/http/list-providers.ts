import { tableReader } from '../adapters/dynamodb-table.ts';
import { readCursor, writeCursor } from '../domain/cursor.ts';
import { providerItem } from '../domain/items.ts';
import { keys } from '../domain/keys.ts';
import { parseItem, queryAll } from '../domain/provider.ts';
import { pageHeaders } from './common/paging.ts';
import { providerWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /`: all connected providers of the tenant, paged only when asked to. */
export const handler = endpoint(routes.listProviders, { table: tableReader }, async ({ caller, query, url }, ports) => {
  const scope = ['providers', caller.tenantHash, query.include];
  const after = readCursor(scope, query.cursor)?.[0];
  const states = query.include === undefined ? ['connected'] : ['connected', 'disconnecting', 'disconnected'];
  const rows = (await queryAll(ports.table, keys.providers(caller.tenantHash)))
    .map((item) => parseItem(providerItem, item))
    .filter((row) => states.includes(row.state));
  if (query.limit === undefined && after === undefined) {
    return { body: rows.map(providerWire), headers: pageHeaders(url, undefined, rows.length) };
  }
  const behind = rows.filter((row) => row.id > Number(after ?? 0));
  const page = behind.slice(0, query.limit ?? 50);
  const last = page.at(-1);
  const next = last !== undefined && behind.length > page.length ? writeCursor(scope, [String(last.id)]) : undefined;
  return { body: page.map(providerWire), headers: pageHeaders(url, next, rows.length) };
});
