import { auditLog } from '../adapters/audit-log.ts';
import { table } from '../adapters/dynamodb-table.ts';
import { secretDeleter } from '../adapters/secrets-manager.ts';
import { disconnect } from '../domain/disconnect.ts';
import { clock } from '../runtime/clock.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `DELETE /{id}`: the stored credentials go at once, syncs stop, history stays. */
export const handler = endpoint(
  routes.disconnectProvider,
  { table, deleter: secretDeleter, audit: auditLog },
  async ({ caller, params }, ports) => {
    await disconnect({ ...ports, clock }, { tenant: caller.tenantHash, id: params.id });
    return { body: undefined };
  },
);
