import { tableReader } from '../adapters/dynamodb-table.ts';
import { readCursor, writeCursor } from '../domain/cursor.ts';
import { addDays } from '../domain/days.ts';
import { listCosts } from '../domain/list-costs.ts';
import { hasHistory } from '../domain/provider.ts';
import { costsOf } from '../providers/registered.ts';
import { clock } from '../runtime/clock.ts';
import { setting } from '../runtime/settings.ts';
import { spanOf } from './common/cost-span.ts';
import { pageHeaders } from './common/paging.ts';
import { costsWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/costs`: daily costs and how their source stands; also of a provider that was disconnected. */
export const handler = endpoint(routes.listCosts, { table: tableReader }, async (call, { table }) => {
  const { limit, cursor, group_by: groups } = call.query;
  const now = clock.now();
  const span = spanOf(call.query, now);
  const ref = { tenant: call.caller.tenantHash, id: call.params.id };
  const scope = ['costs', ref.tenant, ref.id, span.from, span.to, ...groups];
  const after = readCursor(scope, cursor);
  const provider = await hasHistory(table, ref);
  const facts = costsOf(provider.cloud);
  const days = { from: span.from, to: addDays(span.to, 1) };
  const page = await listCosts(table, { ref, source: facts?.name, now }, { days, groups }, { limit, after });
  const next = page.next === undefined ? undefined : writeCursor(scope, page.next);
  // The days as they were resolved: a page that is asked for after midnight is one of the same list.
  const query = new URLSearchParams(call.url.query);
  query.set('from', span.from);
  query.set('to', span.to);
  const headers = pageHeaders({ path: call.url.path, query }, next, undefined);
  return { body: costsWire(page, span, groups, setting('clouds').costBudget), headers };
});
