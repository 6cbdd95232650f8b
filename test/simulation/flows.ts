import { cancelJob } from '../../functions/domain/cancel.ts';
import { connect } from '../../functions/domain/connect.ts';
import { disconnect } from '../../functions/domain/disconnect.ts';
import type { ProviderItem } from '../../functions/domain/items.ts';
import { providerItem } from '../../functions/domain/items.ts';
import { keys, type ProviderRef } from '../../functions/domain/keys.ts';
import { parseItem } from '../../functions/domain/provider.ts';
import { startJob, startSync } from '../../functions/domain/start-sync.ts';
import { Secret } from '../../functions/runtime/secret.ts';
import { CLOUD } from './fake-cloud.ts';
import { tenantOf, type World } from './world.ts';
import type { Flow } from './world-options.ts';

export const TENANT = 'acme';
export const ACCOUNT = '111';
export const refOf = (tenant: string, id: number): ProviderRef => ({ tenant: tenantOf(tenant), id });

/** The account's credentials are the account's own name: that is all the fake cloud asks. */
export const doConnect = (world: World, tenant = TENANT, account = ACCOUNT): Flow<ProviderItem> =>
  world.user('connect', tenantOf(tenant), (ports) =>
    connect(
      {
        ...ports,
        random: () => `s${world.random.below(1e9)}`,
      },
      {
        tenant,
        tenantHash: tenantOf(tenant),
        cloud: CLOUD,
        account,
        name: account,
        secret: new Secret(account),
        reserve: () => Promise.resolve(),
        kinds: world.cloud.kinds,
      },
    ),
  );

export const doSync = (world: World, id = 1, tenant = TENANT, scope: 'all' | 'failed' = 'all'): Flow<number> =>
  world.user('sync', tenantOf(tenant), (ports) => startSync(ports, refOf(tenant, id), { trigger: 'manual', scope }));

/** Starts to read the costs, as the schedule does when they are due. */
export const doCosts = (world: World, id = 1, tenant = TENANT): Flow<number> =>
  world.user('costs', tenantOf(tenant), (ports) =>
    startJob(ports, refOf(tenant, id), 'costs', { trigger: 'schedule', scope: 'all' }),
  );

export const doDelete = (world: World, id = 1, tenant = TENANT): Flow<void> =>
  world.user('delete', tenantOf(tenant), (ports) => disconnect(ports, refOf(tenant, id)));

export const doCancel = (world: World, job: number, id = 1, tenant = TENANT): Flow<void> =>
  world.user('cancel', tenantOf(tenant), (ports) => cancelJob(ports, refOf(tenant, id), job));

export function providerRow(world: World, id = 1, tenant = TENANT): ProviderItem | undefined {
  const item = world.stores.table.peek(keys.provider(refOf(tenant, id)));
  return item === undefined ? undefined : parseItem(providerItem, item);
}
