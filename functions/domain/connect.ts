import type { Secret } from '../runtime/secret.ts';
import { freeClaim, lookAtClaim, takeClaim } from './claim.ts';
import { absent, equal } from './conditions.ts';
import { ConflictError, UnavailableError } from './errors.ts';
import { type ProviderItem, providerItem, sequenceItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import type { Log } from './log.ts';
import type { JobKind } from './messages.ts';
import { activated, dueNext } from './of-kind.ts';
import { type Clock, isoTime, type RequestQueue, type SecretCreator, type SecretDeleter, type Table } from './ports.ts';
import { parseItem } from './provider.ts';
import { CONNECT_LOOK_MS, DEFAULT_INTERVAL_MINUTES, dueAt, JOB_LOOK_MS, notDue } from './schedule.ts';
import { requestPlan } from './start-sync.ts';

export interface ConnectPorts {
  readonly table: Table;
  readonly creator: SecretCreator;
  readonly deleter: SecretDeleter;
  readonly requests: RequestQueue;
  readonly clock: Clock;
  readonly log: Log;
  /** A random, URL-safe word: the secret's name must not be guessable from ids. */
  readonly random: () => string;
}

export interface NewProvider {
  /** The readable tenant, and as `hashTenant` makes it. */
  readonly tenant: string;
  readonly tenantHash: string;
  readonly cloud: string;
  readonly account: string;
  readonly name: string;
  readonly secret: Secret<string>;
  /** What there is to read of that cloud. The first inventory job starts by itself, the other kinds by the next tick. */
  readonly kinds: readonly JobKind[];
  /** Told the provider's id before anything is made under it. */
  readonly reserve: (id: number) => Promise<void>;
}

const alreadyConnected = (): ConflictError =>
  new ConflictError('ACCOUNT_ALREADY_CONNECTED', 'This account is connected already.');

/**
 * Connects an account whose credentials are proven. The order of its side effects is `data-and-flows.md`'s: the row
 * names the secret before it exists, so that a crash anywhere leaves a row from which the sweep can clean up.
 * @throws ConflictError when a living provider holds the account; UnavailableError when the sweep was faster.
 */
export async function connect(ports: ConnectPorts, wanted: NewProvider): Promise<ProviderItem> {
  const { table, clock } = ports;
  const on = { tenant: wanted.tenantHash, cloud: wanted.cloud, account: wanted.account };
  const claim = await lookAtClaim(table, on);
  if (claim.living) throw alreadyConnected();

  const sequence = await table.update(keys.sequence(wanted.tenantHash), { add: { value: 1 } });
  const ref = { tenant: wanted.tenantHash, id: parseItem(sequenceItem, sequence.item ?? {}).value };
  await wanted.reserve(ref.id);
  const row = newRow(ref, wanted, `${wanted.cloud}/${ports.random()}`, clock.now());
  await table.update(keys.provider(ref), { set: row, condition: absent('pk') });

  if (!(await takeClaim(table, on, ref.id, claim.holder))) {
    // Its secret was never made and the claim is another's: nothing is left to clean up, so it need not be due.
    await table.update(keys.provider(ref), {
      set: { state: 'aborted' },
      remove: notDue,
      condition: equal('state', 'connecting'),
    });
    throw alreadyConnected();
  }
  try {
    await ports.creator.create(row.secret, wanted.secret, { 'infraaudit:provider': String(ref.id) });
  } catch (error) {
    await abandon(ports, ref, row);
    throw error;
  }
  return becomeConnected(ports, ref, row, wanted.kinds);
}

function newRow(ref: ProviderRef, wanted: NewProvider, secret: string, now: number): ProviderItem {
  return {
    v: 1,
    tenant: wanted.tenant,
    id: ref.id,
    cloud: wanted.cloud,
    name: wanted.name,
    account: wanted.account,
    state: 'connecting',
    secret,
    last_job: 0,
    interval_minutes: DEFAULT_INTERVAL_MINUTES,
    status: 'syncing',
    resource_count: 0,
    complete: false,
    created_at: isoTime(now),
    ...dueAt(ref, now + CONNECT_LOOK_MS),
  };
}

async function becomeConnected(
  ports: ConnectPorts,
  ref: ProviderRef,
  row: ProviderItem,
  kinds: readonly JobKind[],
): Promise<ProviderItem> {
  const now = ports.clock.now();
  const costs = kinds.includes('costs') ? { due_costs: isoTime(now) } : {};
  const due = dueNext(ref, { ...row, ...costs }, 'inventory', now + JOB_LOOK_MS);
  const written = await ports.table.update(keys.provider(ref), {
    set: {
      state: 'connected',
      last_job: 1,
      ...activated('inventory', 1, { trigger: 'connect', scope: 'all', since: isoTime(now), looks: 0 }),
      ...costs,
      ...due.set,
    },
    condition: equal('state', 'connecting'),
  });
  const current = parseItem(providerItem, written.item ?? {});
  if (current.state === 'aborted') {
    await cleanUp(ports, ref, row);
    throw new UnavailableError('Connecting took too long and was undone. Try again.');
  }
  // Refused, but connected: an earlier try of this very write got through and its answer was lost.
  if (current.state === 'connected') {
    // The provider is connected from here on and due in two minutes: without the message the tick starts its sync.
    await requestPlan(ports.requests, ref, 'inventory', 1).catch((error: unknown) =>
      ports.log.error('The first sync could not be requested; the next tick will.', { provider: ref.id, error }),
    );
  }
  return current;
}

/** Undoes a connect that failed before it was connected, as far as it goes; the sweep does the rest. */
async function abandon(ports: ConnectPorts, ref: ProviderRef, row: ProviderItem): Promise<void> {
  try {
    const written = await ports.table.update(keys.provider(ref), {
      set: { state: 'aborted' },
      condition: equal('state', 'connecting'),
    });
    if (written.applied) await cleanUp(ports, ref, row);
  } catch (error) {
    ports.log.warn('A failed connect could not be undone at once; the sweep will.', { provider: ref.id, error });
  }
}

/** Deletes what an aborted row names, then takes it out of the due index. Only a user's DELETE deletes for good. */
export async function cleanUp(
  ports: Pick<ConnectPorts, 'table' | 'deleter'>,
  ref: ProviderRef,
  row: ProviderItem,
): Promise<void> {
  await ports.deleter.remove(row.secret, 'recoverable');
  await freeClaim(ports.table, ref, row);
  await ports.table.update(keys.provider(ref), { remove: notDue, condition: equal('state', 'aborted') });
}
