import { auditLog } from '../adapters/audit-log.ts';
import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { secretDeleter } from '../adapters/secrets-manager.ts';
import { disconnect } from '../domain/disconnect.ts';
import { machine } from '../runtime/machine.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `DELETE /{id}`: the stored credentials go at once, syncs stop, history stays. */
export const handler = endpoint(
  routes.disconnectProvider,
  { table, deleter: secretDeleter, events: eventBus, audit: auditLog },
  async ({ caller, params }, ports) => {
    await disconnect({ ...ports, ...machine }, { tenant: caller.tenantHash, id: params.id });
    return { body: undefined };
  },
);
