import type { CollectorFacts } from '../../functions/domain/cloud.ts';
import { CloudCalls } from '../../functions/domain/cloud-calls.ts';
import { packText } from '../../functions/domain/hashing.ts';
import { keys } from '../../functions/domain/keys.ts';
import { Lanes } from '../../functions/domain/lanes.ts';
import { packTasks } from '../../functions/domain/packing.ts';
import { readPages } from '../../functions/domain/read-pages.ts';
import { stages } from '../../functions/sync/stages.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { LANES } from './m1-bound.ts';
import { invocationsAfter } from './rig/event-source.ts';
import { REF, Rig } from './rig/rig.ts';
import { SkewedAccount } from './rig/skewed-account.ts';

/** An account's types and regions, and the conditions that all schedules run under. */
export interface Case {
  readonly collectors: readonly CollectorFacts[];
  readonly regions: readonly string[];
  readonly callMs: number;
  readonly share: number;
}

/** How long a schedule took, in virtual milliseconds, and what it did at the cloud. */
export interface Makespan {
  readonly milliseconds: number;
  readonly calls: number;
  readonly throttles: number;
  readonly tasks: number;
}

interface Ready {
  readonly rig: Rig;
  readonly account: () => SkewedAccount;
}

function ready({ collectors, regions, callMs, share }: Case): Ready {
  let account: SkewedAccount | undefined;
  const rig = new Rig({
    collectors,
    scopes: scopesOf(regions),
    scopesMs: callMs,
    share,
    session: (clock) => {
      account ??= new SkewedAccount(collectors, clock, callMs);
      return account;
    },
  });
  return {
    rig,
    account: () => {
      if (account === undefined) throw new Error('The account was never opened.');
      return account;
    },
  };
}

const scopesOf = (regions: readonly string[]) => ({
  byKind: { global: ['global'], region: regions },
  primary: 'us-east-1',
});

/** Ours: the first sync, whose durations are guesses, and one of those after it. */
export async function ours(of: Case): Promise<{ readonly first: Makespan; readonly later: Makespan }> {
  const { rig, account } = ready(of);
  const first = await spanOf(rig, account);
  // By now what each took is known; the one after it runs by a plan made of that.
  await rig.sync();
  const later = await spanOf(rig, account);
  return { first, later };
}

async function spanOf(rig: Rig, account: () => SkewedAccount): Promise<Makespan> {
  const before = counted(rig, account);
  const { milliseconds, meters } = await rig.sync();
  const { calls, throttles } = account();
  const tasks = meters.invocations.filter(({ stage }) => stage === 'collectTask').length;
  return { milliseconds, calls: calls - before.calls, throttles: throttles - before.throttles, tasks };
}

function counted(rig: Rig, account: () => SkewedAccount): { readonly calls: number; readonly throttles: number } {
  const isNew = rig.store.peek(keys.job(REF, 1)) === undefined;
  return isNew ? { calls: 0, throttles: 0 } : { calls: account().calls, throttles: account().throttles };
}

/** One message for each cell, by the same engine. */
export async function messagePerCell(of: Case): Promise<Makespan> {
  const { rig, account } = ready(of);
  const scans = packTasks(of.collectors, scopesOf(of.regions)).flat();
  const cells = of.collectors.reduce(
    (n, { types, scope }) => n + types.length * (scope === 'region' ? of.regions.length : 1),
    0,
  );
  // A plan of the same scans stands as it is, however they are packed.
  const body = packText({ scans: scans.map((scan) => [scan]), cells });
  rig.store.update(keys.plan(REF, 1), { set: { v: 1, version: 1, body } });
  return spanOf(rig, account);
}

/** One message for each region, which works its scans one after another; with nothing of ours around it. */
export async function depthFirst({ collectors, regions, callMs, share }: Case): Promise<Makespan> {
  const clock = new VirtualClock(0);
  const account = new SkewedAccount(collectors, clock, callMs);
  const waiting = ['global', ...regions];
  const tasks = waiting.length;
  let running = 0;
  const region = async (scope: string): Promise<void> => {
    const limits = { clock, lanes: new Lanes(LANES), share, deadline: Number.POSITIVE_INFINITY, full: true };
    const calls = new CloudCalls(limits, account);
    const pages = { calls, scope, pass: () => Promise.resolve(), outOfTime: () => false };
    for (const { name, scope: kind } of collectors) {
      if ((kind === 'region') === (scope === 'global')) continue;
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
  return { milliseconds: clock.now(), calls: account.calls, throttles: account.throttles, tasks };
}
