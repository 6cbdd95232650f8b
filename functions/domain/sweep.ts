import { allOf, equal } from './conditions.ts';
import { cleanUp } from './connect.ts';
import { disconnect, secretsOf } from './disconnect.ts';
import { NotFoundError } from './errors.ts';
import type { FinishPorts } from './finish.ts';
import type { ProviderItem } from './items.ts';
import { dueShards, keys, type ProviderRef, providerOfKey } from './keys.ts';
import { isoTime, type RequestQueue, type SecretDeleter } from './ports.ts';
import { readProvider } from './provider.ts';
import { dueAt, notDue } from './schedule.ts';
import { lookAtJob } from './stalled.ts';
import { startSync } from './start-sync.ts';

export interface SweepPorts extends FinishPorts {
  readonly deleter: SecretDeleter;
  readonly requests: RequestQueue;
}

/** Providers looked at in one shard and run; the rest is due still and comes with the next tick. */
const MOST_PER_SHARD = 50;
/** Deletions of secrets that nobody asked for, in one run: more look like a restored table, not like crashes. */
const MOST_DELETIONS = 5;

/** The sweep was about to delete more secrets than crashes explain. */
export class SweepStoppedError extends Error {
  override readonly name = 'SweepStoppedError';
}

/**
 * One tick: looks at every provider that is due, and does what is due with it. Works from rows, never from a list of
 * secrets. Two ticks at once, or one that comes a day late, do no harm: every step is conditional.
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  let deletions = 0;
  const mayDelete = (): void => {
    if (deletions >= MOST_DELETIONS) throw new SweepStoppedError('Too many secrets to delete in one run.');
  };
  const shards = await Promise.all(dueShards.map((shard) => ports.table.due(shard, isoTime(now), MOST_PER_SHARD)));
  for (const key of shards.flat()) {
    const ref = providerOfKey(key);
    if (ref === undefined) continue;
    try {
      const provider = await readProvider(ports.table, ref);
      // The index lags behind the table by a moment.
      if (provider?.due_at === undefined || provider.due_at > isoTime(now)) continue;
      deletions += await lookAt(ports, ref, provider, mayDelete);
    } catch (error) {
      if (error instanceof SweepStoppedError) {
        ports.metrics.count('SweepStopped');
        ports.log.error('The sweep stopped before it deleted more secrets.', { deletions });
        return;
      }
      // One provider's trouble is not the others'; it is due still.
      ports.log.error('A provider that is due could not be looked at.', { provider: ref.id, error });
    }
  }
  ports.metrics.count('ScheduleTick');
}

/** Does what is due with a provider. @returns how many secrets it deleted that no user asked to. */
async function lookAt(
  ports: SweepPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  mayDelete: () => void,
): Promise<number> {
  switch (provider.state) {
    case 'connecting': {
      mayDelete();
      const written = await ports.table.update(keys.provider(ref), {
        set: { state: 'aborted' },
        condition: equal('state', 'connecting'),
      });
      return written.applied ? countOf(await cleanUp(ports, ref, provider)) : 0;
    }
    case 'aborted':
      mayDelete();
      return countOf(await cleanUp(ports, ref, provider));
    case 'disconnecting':
      await disconnect(ports, ref);
      return 0;
    case 'disconnected':
      for (const name of secretsOf(provider)) await ports.deleter.remove(name, 'forced');
      await ports.table.update(keys.provider(ref), { remove: notDue, condition: equal('state', 'disconnected') });
      return 0;
    case 'connected':
      return lookAtConnected(ports, ref, provider, mayDelete);
  }
}

const countOf = (removed: 'removed' | 'missing'): number => (removed === 'removed' ? 1 : 0);

async function lookAtConnected(
  ports: SweepPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  mayDelete: () => void,
): Promise<number> {
  if (provider.rotating !== undefined || (provider.retiring?.length ?? 0) > 0) {
    return finishRotation(ports, ref, provider, mayDelete);
  }
  if (provider.active_inventory !== undefined) {
    await lookAtJob(ports, ref, provider, provider.active_inventory);
    return 0;
  }
  try {
    await startSync(ports, ref, { trigger: 'schedule', scope: 'all' });
  } catch (error) {
    // Disconnected since it was read.
    if (!(error instanceof NotFoundError)) throw error;
  }
  return 0;
}

/** A rotation that died: what it was switching to retires too (that fences the switch), then goes. */
async function finishRotation(
  ports: SweepPorts,
  ref: ProviderRef,
  provider: ProviderItem,
  mayDelete: () => void,
): Promise<number> {
  const retiring = [...(provider.retiring ?? []), ...(provider.rotating === undefined ? [] : [provider.rotating])];
  const moved = await ports.table.update(keys.provider(ref), {
    set: { retiring },
    remove: ['rotating'],
    condition: allOf(
      equal('state', 'connected'),
      equal('secret', provider.secret),
      ...(provider.rotating === undefined ? [] : [equal('rotating', provider.rotating)]),
    ),
  });
  if (!moved.applied) return 0;
  let deleted = 0;
  for (const name of retiring) {
    mayDelete();
    deleted += countOf(await ports.deleter.remove(name, 'recoverable'));
  }
  const now = ports.clock.now();
  const next = provider.active_inventory === undefined ? Date.parse(provider.due_inventory ?? '') || now : now;
  await ports.table.update(keys.provider(ref), {
    set: dueAt(ref, next),
    remove: ['retiring'],
    condition: allOf(equal('state', 'connected'), equal('retiring', retiring)),
  });
  return deleted;
}
