import { absent, allOf, equal } from './conditions.ts';
import { cleanUp } from './connect.ts';
import { disconnect, secretsOf } from './disconnect.ts';
import { NotFoundError } from './errors.ts';
import type { FinishPorts } from './finish.ts';
import { type ProviderItem, providerItem } from './items.ts';
import { dueShards, keys, type ProviderRef, providerOfKey } from './keys.ts';
import { JOB_KINDS, type JobKind } from './messages.ts';
import { earliestDue, ofKind, unmoved } from './of-kind.ts';
import { isoTime, type RequestQueue, type SecretDeleter } from './ports.ts';
import { readProvider } from './provider.ts';
import { dueAt, notDue } from './schedule.ts';
import { lookAtJob } from './stalled.ts';
import { startJob } from './start-sync.ts';

export interface SweepPorts extends FinishPorts {
  readonly deleter: SecretDeleter;
  readonly requests: RequestQueue;
  /** What there is to read of a cloud. */
  kinds(cloud: string): readonly JobKind[];
}

/** Providers looked at in one shard and run; the rest is due still and comes with the next tick. */
const MOST_PER_SHARD = 50;
/** Rows in one run whose secrets nobody asked to delete: more look like a restored table, not like crashes. */
const MOST_UNDONE = 5;

/**
 * One tick: looks at every provider that is due, and does what is due with it. Works from rows, never from a list of
 * secrets. Two ticks at once, or one that comes a day late, do no harm: every step is conditional.
 * @param mostUndone how many half-done connects and rotations it may undo. Where more are due it undoes none, in this
 *   run and in every later one, until a person has looked: after a restore of the table they may all be live.
 */
export async function sweep(ports: SweepPorts, mostUndone: number = MOST_UNDONE): Promise<void> {
  const now = ports.clock.now();
  const due = await readDue(ports, now);
  const undone = due.filter(({ provider }) => isHalfDone(provider));
  const stopped = undone.length > mostUndone;
  if (stopped) {
    ports.metrics.count('SweepStopped');
    ports.log.error('The sweep left alone more half-done connects and rotations than crashes explain.', {
      rows: undone.length,
    });
  }
  for (const { ref, provider } of due) {
    if (stopped && isHalfDone(provider)) continue;
    try {
      await lookAt(ports, ref, provider);
    } catch (error) {
      // One provider's trouble is not the others'; it is due still.
      ports.log.error('A provider that is due could not be looked at.', { provider: ref.id, error });
    }
  }
  ports.metrics.count('ScheduleTick');
}

interface Due {
  readonly ref: ProviderRef;
  readonly provider: ProviderItem;
}

async function readDue(ports: SweepPorts, now: number): Promise<readonly Due[]> {
  const shards = await Promise.all(dueShards.map((shard) => ports.table.due(shard, isoTime(now), MOST_PER_SHARD)));
  const refs = shards.flat().flatMap((key) => providerOfKey(key) ?? []);
  const items = await ports.table.getMany(refs.map((ref) => keys.provider(ref)));
  return refs.flatMap((ref, n) => {
    const item = items[n];
    const provider = item === undefined ? undefined : providerItem.safeParse(item);
    if (provider?.success === false) ports.log.error('A provider that is due cannot be read.', { provider: ref.id });
    const row = provider?.data;
    // The index lags behind the table by a moment.
    return row?.due_at === undefined || row.due_at > isoTime(now) ? [] : [{ ref, provider: row }];
  });
}

const isRotating = ({ rotating, retiring }: ProviderItem): boolean =>
  rotating !== undefined || (retiring?.length ?? 0) > 0;

/** Whether looking at it deletes a secret that no user asked to delete. */
const isHalfDone = (provider: ProviderItem): boolean =>
  provider.state === 'connecting' ||
  provider.state === 'aborted' ||
  (provider.state === 'connected' && isRotating(provider));

/** Does what is due with a provider. */
async function lookAt(ports: SweepPorts, ref: ProviderRef, provider: ProviderItem): Promise<void> {
  switch (provider.state) {
    case 'connecting': {
      const written = await ports.table.update(keys.provider(ref), {
        set: { state: 'aborted' },
        condition: equal('state', 'connecting'),
      });
      if (written.applied) await cleanUp(ports, ref, provider);
      return;
    }
    case 'aborted':
      return cleanUp(ports, ref, provider);
    case 'disconnecting':
      return disconnect(ports, ref);
    case 'disconnected':
      for (const name of secretsOf(provider)) await ports.deleter.remove(name, 'forced');
      await ports.table.update(keys.provider(ref), { remove: notDue, condition: equal('state', 'disconnected') });
      return;
    case 'connected':
      return lookAtConnected(ports, ref, provider);
  }
}

async function lookAtConnected(ports: SweepPorts, ref: ProviderRef, provider: ProviderItem): Promise<void> {
  if (isRotating(provider)) return finishRotation(ports, ref, provider);
  const kinds = ports.kinds(provider.cloud);
  const due = JOB_KINDS.filter((kind) => isDue(provider, kind, kinds, isoTime(ports.clock.now())));
  if (due.length === 0) return correctDue(ports, ref, provider);
  const looks = due.map((kind) => () => lookAtKind(ports, ref, kind));
  let failure: unknown;
  // One after the other, since each moves the row; one kind's trouble is not the other's.
  for (const look of looks) await look().catch((error: unknown) => (failure ??= error));
  if (failure !== undefined) throw failure;
}

/** A kind that was never given a time is due where its cloud has it: the provider is older than that kind is. */
function isDue(provider: ProviderItem, kind: JobKind, kinds: readonly JobKind[], now: string): boolean {
  const { active, due } = ofKind(provider, kind);
  if (due === undefined) return active !== undefined || kinds.includes(kind);
  return due <= now;
}

async function lookAtKind(ports: SweepPorts, ref: ProviderRef, kind: JobKind): Promise<void> {
  const provider = await readProvider(ports.table, ref);
  // Disconnected since it was read.
  if (provider?.state !== 'connected') return;
  if (ofKind(provider, kind).active !== undefined) return lookAtJob(ports, ref, provider, kind);
  try {
    await startJob(ports, ref, kind, { trigger: 'schedule', scope: 'all' });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** Nothing is due though the provider is: its place in the index says less than its kinds do. */
async function correctDue(ports: SweepPorts, ref: ProviderRef, provider: ProviderItem): Promise<void> {
  const next = Date.parse(earliestDue(provider) ?? '');
  await ports.table.update(keys.provider(ref), {
    set: dueAt(ref, next),
    condition: allOf(equal('state', 'connected'), ...JOB_KINDS.map((kind) => unmoved(provider, kind))),
  });
}

/** A rotation that died: what it was switching to retires too (that fences the switch), then goes. */
async function finishRotation(ports: SweepPorts, ref: ProviderRef, provider: ProviderItem): Promise<void> {
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
  if (!moved.applied) return;
  for (const name of retiring) await ports.deleter.remove(name, 'recoverable');
  const next = Date.parse(earliestDue(provider) ?? '') || ports.clock.now();
  await ports.table.update(keys.provider(ref), {
    set: dueAt(ref, next),
    remove: ['retiring'],
    // No rotation can begin before this is gone, and one that has would have switched the secret.
    condition: allOf(
      equal('state', 'connected'),
      equal('secret', provider.secret),
      absent('rotating'),
      ...JOB_KINDS.map((kind) => unmoved(provider, kind)),
    ),
  });
}
