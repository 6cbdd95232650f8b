import { ACCOUNT, doConnect } from './flows.ts';
import type { Attempt, Fault } from './process.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

export const after = (world: World, milliseconds: number): Promise<boolean> => world.run(() => false, milliseconds);
export const isRow = ({ key, op }: Attempt): boolean => op === 'update' && key?.pk.includes('#R#') === true;
export const isCommit = ({ sets }: Attempt): boolean => sets?.includes('committed') === true;

/** The first call that fits meets the fault. */
export function once(world: World, fits: (attempt: Attempt) => boolean, fault: Fault): { readonly met: boolean } {
  const state = { met: false };
  const before = world.calls.fault;
  world.calls.fault = (attempt) => {
    if (!state.met && fits(attempt)) {
      state.met = true;
      return fault;
    }
    return before(attempt);
  };
  return state;
}

export const connectedTo =
  (fill: (world: World) => void) =>
  async (world: World): Promise<void> => {
    fill(world);
    doConnect(world);
    await settle(world);
  };

export const things = connectedTo(({ cloud }) => {
  cloud.fill(ACCOUNT, 'thing', 'r1', 4);
  cloud.fill(ACCOUNT, 'thing', 'r2', 4);
});

/** Takes back what a scenario itself has brought about. */
export function forgive(world: World, what: RegExp): void {
  const { violations } = world.watch;
  violations.splice(0, violations.length, ...violations.filter((one) => !what.test(one)));
}
