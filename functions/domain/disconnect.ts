import { freeClaim } from './claim.ts';
import { absent, allOf, anyOf, equal } from './conditions.ts';
import { NotFoundError } from './errors.ts';
import { providerDisconnected } from './events.ts';
import { endJob, type FinishPorts } from './finish.ts';
import { type ProviderItem, providerItem } from './items.ts';
import { keys, type ProviderRef } from './keys.ts';
import { JOB_KINDS, type JobKind } from './messages.ts';
import { activeAttribute, neverDue } from './of-kind.ts';
import { isoTime, type SecretDeleter } from './ports.ts';
import { parseItem, readProvider } from './provider.ts';
import { CONNECT_LOOK_MS, dueAt, notDue } from './schedule.ts';

export interface DisconnectPorts extends FinishPorts {
  readonly deleter: SecretDeleter;
}

/**
 * Disconnects a provider: the fence first, then its secrets for good, its claim, its jobs, and last the row. One that
 * stopped half-way goes on from where it stopped.
 * @throws NotFoundError when it is not connected (any more).
 */
export async function disconnect(ports: DisconnectPorts, ref: ProviderRef): Promise<void> {
  const written = await ports.table.update(keys.provider(ref), {
    set: { state: 'disconnecting', ...dueAt(ref, ports.clock.now()) },
    condition: anyOf(equal('state', 'connected'), equal('state', 'disconnecting')),
  });
  if (!written.applied) throw new NotFoundError();
  const provider = parseItem(providerItem, written.item);

  for (const name of secretsOf(provider)) await ports.deleter.remove(name, 'forced');
  await freeClaim(ports.table, ref, provider);
  for (const kind of JOB_KINDS) await cancelActive(ports, ref, kind);
  await providerDisconnected(ports, ref, provider);

  // A rotation that was under way may still create its secret: somebody looks once more and deletes it again.
  const rotating = provider.rotating !== undefined || (provider.retiring?.length ?? 0) > 0;
  const now = ports.clock.now();
  await ports.table.update(keys.provider(ref), {
    set: {
      state: 'disconnected',
      disconnected_at: isoTime(now),
      ...(rotating ? dueAt(ref, now + CONNECT_LOOK_MS) : {}),
    },
    remove: rotating ? neverDue : [...neverDue, ...notDue],
    condition: allOf(equal('state', 'disconnecting'), ...JOB_KINDS.map((kind) => absent(activeAttribute(kind)))),
  });
}

/** Every secret that a provider's row names. */
export const secretsOf = (provider: ProviderItem): readonly string[] => [
  provider.secret,
  ...(provider.rotating === undefined ? [] : [provider.rotating]),
  ...(provider.retiring ?? []),
];

async function cancelActive(ports: DisconnectPorts, ref: ProviderRef, kind: JobKind): Promise<void> {
  const provider = await readProvider(ports.table, ref);
  const job = provider?.[activeAttribute(kind)];
  if (job === undefined) return;
  await endJob(ports, ref, kind, job, {
    outcome: 'cancelled',
    by: 'outside',
    error: 'The provider was disconnected.',
  });
}
