import { CloudCalls } from '../../functions/domain/cloud-calls.ts';
import { packBytes } from '../../functions/domain/hashing.ts';
import { keys } from '../../functions/domain/keys.ts';
import { Lanes } from '../../functions/domain/lanes.ts';
import { packTasks } from '../../functions/domain/packing.ts';
import { readPages } from '../../functions/domain/read-pages.ts';
import { stages } from '../../functions/sync/stages.ts';
import type { Case, TimedAccount } from './cases.ts';
import { LANES } from './m1-bound.ts';
import { invocationsAfter } from './rig/event-source.ts';
import { REF, Rig } from './rig/rig.ts';
import { WiredClock } from './rig/wired-clock.ts';

/** How long a schedule took, in virtual milliseconds, and what it did at the cloud. */
export interface Makespan {
  readonly milliseconds: number;
  readonly calls: number;
  readonly throttles: number;
  readonly tasks: number;
}

/** An account behind a rig. */
export interface Ready {
  readonly rig: Rig;
  /** What the account was asked so far. */
  readonly counted: () => { readonly calls: number; readonly throttles: number };
}

export function ready({ collectors, scopes, callMs, share, open, settings }: Case): Ready {
  // One account however often it is opened: its buckets are the cloud's.
  let account: TimedAccount | undefined;
  const rig = new Rig({
    collectors,
    scopes,
    scopesMs: scopes.fixed === true ? 0 : callMs,
    share,
    settings,
    session: (clock) => {
      account ??= open(clock);
      return { ...sessionOf(account), close: () => undefined };
    },
  });
  return { rig, counted: () => account?.timed ?? { calls: 0, throttles: 0 } };
}

const sessionOf = (account: TimedAccount) => ({
  collector: (name: string, scope: string) => account.collector(name, scope),
  classify: account.classify.bind(account),
  quota: account.quota.bind(account),
  atATime: account.atATime,
});

/** Ours: the first sync, whose durations are guesses, and one of those after it. */
export async function ours(of: Case): Promise<{ readonly first: Makespan; readonly later: Makespan }> {
  const one = ready(of);
  const first = await spanOf(one);
  // By now what each took is known; the one after it runs by a plan made of that.
  await one.rig.sync();
  const later = await spanOf(one);
  return { first, later };
}

async function spanOf({ rig, counted }: Ready): Promise<Makespan> {
  const { calls, throttles } = counted();
  const before = { calls, throttles };
  const { milliseconds, meters } = await rig.sync();
  const after = counted();
  const tasks = meters.invocations.filter(({ stage }) => stage === 'collectTask').length;
  return { milliseconds, calls: after.calls - before.calls, throttles: after.throttles - before.throttles, tasks };
}

/** One message for each cell, by the same engine. */
export async function messagePerCell(of: Case): Promise<Makespan> {
  const one = ready(of);
  const scans = packTasks(of.collectors, of.scopes).flat();
  const types = new Map(of.collectors.map((facts) => [facts.name, facts.types.length]));
  const cells = scans.reduce((n, [collector]) => n + (types.get(collector) ?? 1), 0);
  // A plan of the same scans stands as it is, however they are packed.
  const body = packBytes({ scans: scans.map((scan) => [scan]), cells });
  one.rig.store.update(keys.plan(REF, 1), { set: { v: 1, version: 1, body } });
  return spanOf(one);
}

/** One message for each region, which works its scans one after another; with nothing of ours around it. */
export async function depthFirst({ collectors, scopes, callMs, share, open }: Case): Promise<Makespan> {
  const clock = new WiredClock(0);
  const account = open(clock);
  const waiting = [...new Set(Object.values(scopes.byKind).flat())];
  const tasks = waiting.length;
  let running = 0;
  const region = async (scope: string): Promise<void> => {
    const limits = { clock, lanes: new Lanes(LANES), share, deadline: Number.POSITIVE_INFINITY, full: true };
    const calls = new CloudCalls(limits, account);
    const pages = { calls, scope, pass: () => Promise.resolve(), outOfTime: () => false };
    for (const { name, scope: kind } of collectors) {
      if (scopes.byKind[kind]?.includes(scope) !== true) continue;
      const end = await readPages(pages, await account.collector(name, scope), undefined, () => Promise.resolve());
      if (end.end !== 'complete') throw new Error(`${name} in ${scope} ended as ${end.end}.`);
    }
    running -= 1;
  };
  const poll = (): void => {
    while (running < invocationsAfter(clock.now(), stages.collectTask.source.maxConcurrency)) {
      const scope = waiting.shift();
      if (scope === undefined) return;
      running += 1;
      void region(scope);
    }
    clock.at(clock.now() + 200, poll);
  };
  // The list of regions comes first here too.
  clock.at(callMs, poll);
  const ended = await clock.run(() => waiting.length === 0 && running === 0, 24 * 3_600_000);
  if (!ended) throw new Error('Depth first does not end.');
  return { milliseconds: clock.now(), calls: account.timed.calls, throttles: account.timed.throttles, tasks };
}
