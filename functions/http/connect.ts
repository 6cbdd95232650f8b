import { randomBytes, randomUUID } from 'node:crypto';
import { auditLog } from '../adapters/audit-log.ts';
import { table } from '../adapters/dynamodb-table.ts';
import { secretCreator, secretDeleter } from '../adapters/secrets-manager.ts';
import { requestQueue } from '../adapters/sqs-queues.ts';
import { connect } from '../domain/connect.ts';
import type { ProviderItem } from '../domain/items.ts';
import { readProvider } from '../domain/provider.ts';
import { type ConnectingCloud, kindsIn } from '../providers/contract.ts';
import { clock } from '../runtime/clock.ts';
import { log } from '../runtime/logger.ts';
import { once } from './common/idempotency.ts';
import { providerWire } from './common/views.ts';
import { nameSchema } from './common/wire.ts';
import { endpoint } from './endpoint.ts';
import { routes } from './routes.ts';

/** `POST /{cloud}/connect` of one cloud: proves the credentials, keeps them, and starts the first sync. */
export function connectHandler<C>(cloud: ConnectingCloud<C>) {
  const route = {
    ...routes.connect,
    body: cloud.facts.body.extend({ name: nameSchema }),
  };
  const adapters = { table, creator: secretCreator, deleter: secretDeleter, requests: requestQueue, audit: auditLog };
  return endpoint(route, adapters, async (call, ports) => {
    const { name, ...body } = call.body;
    const credentials = cloud.parse(body);
    const told = Object.fromEntries(
      Object.entries(call.body).filter(([field]) => !cloud.facts.secretFields.includes(field)),
    );
    const request = {
      caller: call.caller,
      route: `connect-${cloud.facts.name}`,
      key: call.header('idempotency-key'),
      body: told,
      status: route.status,
      owner: randomUUID(),
    };
    return once({ table: ports.table, clock }, request, async (record, reserved) => {
      if (reserved !== undefined) {
        // A try that died after it reserved this id: if it got through, its provider is the answer.
        const before = await readProvider(ports.table, { tenant: call.caller.tenantHash, id: reserved });
        if (before?.state === 'connected') return answerOf(before);
      }
      const { account } = await cloud.prove(credentials);
      const provider = await connect(
        { ...ports, clock, log, random: () => randomBytes(18).toString('base64url') },
        {
          tenant: call.caller.tenant,
          tenantHash: call.caller.tenantHash,
          cloud: cloud.facts.name,
          account,
          name: nameSchema.parse(name),
          secret: cloud.encode(credentials),
          kinds: kindsIn(cloud.facts),
          reserve: async (id) => record?.reserve(id),
        },
      );
      return answerOf(provider);
    });
  });
}

const answerOf = (provider: ProviderItem) => ({ body: providerWire(provider), provider: provider.id });
