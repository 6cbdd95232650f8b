import { randomUUID } from 'node:crypto';
import { auditLog } from '../adapters/audit-log.ts';
import { table } from '../adapters/dynamodb-table.ts';
import { requestQueue } from '../adapters/sqs-queues.ts';
import { startSync } from '../domain/start-sync.ts';
import { clock } from '../runtime/clock.ts';
import { once } from './common/idempotency.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `POST /{id}/sync`: starts a sync, or answers the one that is running. */
export const handler = endpoint(
  routes.startSync,
  { table, requests: requestQueue, audit: auditLog },
  async (call, ports) => {
    const request = {
      caller: call.caller,
      route: `sync-${call.params.id}`,
      key: call.header('idempotency-key'),
      body: call.body,
      status: routes.startSync.status,
      owner: randomUUID(),
    };
    return once({ table: ports.table, clock }, request, async () => {
      const ref = { tenant: call.caller.tenantHash, id: call.params.id };
      const scope = call.body.scope ?? 'all';
      const job_id = await startSync({ ...ports, clock }, ref, { trigger: 'manual', scope });
      return { body: { job_id, status: 'running' as const } };
    });
  },
);
