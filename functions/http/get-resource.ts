import { tableReader } from '../adapters/dynamodb-table.ts';
import { NotFoundError } from '../domain/errors.ts';
import { readResource } from '../domain/find-resource.ts';
import { parseResourceKey } from '../domain/keys.ts';
import { hasHistory } from '../domain/provider.ts';
import { collectorsOf } from '../providers/registered.ts';
import { resourceDetailWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}/resources/{key}`: one resource with its last changes, also one that is gone or was of a past provider. */
export const handler = endpoint(routes.getResource, { table: tableReader }, async ({ caller, params }, { table }) => {
  const ref = { tenant: caller.tenantHash, id: params.id };
  const place = parseResourceKey(params.key);
  const provider = await hasHistory(table, ref);
  const of = { ref, lastFullSyncAt: provider.last_full_sync_at, collectors: collectorsOf(provider.cloud) };
  const listed = place === undefined ? undefined : await readResource(table, of, place);
  if (listed === undefined) throw new NotFoundError();
  return { body: resourceDetailWire(listed) };
});
