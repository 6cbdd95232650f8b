import { tableReader } from '../adapters/dynamodb-table.ts';
import { NotFoundError } from '../domain/errors.ts';
import { readProvider } from '../domain/provider.ts';
import { providerWire } from './common/views.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `GET /{id}`: a connected provider, or with `?include=disconnected` one that was. */
export const handler = endpoint(
  routes.getProvider,
  { table: tableReader },
  async ({ caller, params, query }, { table }) => {
    const provider = await readProvider(table, { tenant: caller.tenantHash, id: params.id });
    const ended = provider?.state === 'disconnected' || provider?.state === 'disconnecting';
    const shown = provider?.state === 'connected' || (query.include === 'disconnected' && ended);
    if (provider === undefined || !shown) throw new NotFoundError();
    return { body: providerWire(provider) };
  },
);
