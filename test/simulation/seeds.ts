import './settings.ts';
import type { Failure } from '../../functions/domain/cloud.ts';
import { addDays, dayOf } from '../../functions/domain/days.ts';
import { violationsAtRest } from './checks.ts';
import { CHAINED_PAGES, chained, combo, detailed, large, thing } from './collectors.ts';
import type { CloudFault } from './fake-cloud.ts';
import { billing } from './fake-costs.ts';
import { ACCOUNT, doCancel, doConnect, doCosts, doDelete, doSync } from './flows.ts';
import type { Failed } from './harness.ts';
import { healAll } from './heal.ts';
import type { Attempt, Fault } from './process.ts';
import { Random } from './random.ts';
import { providersOf, settle } from './settle.ts';
import { World } from './world.ts';

const SECOND = 1000;
const TENANTS = ['acme', 'globex'] as const;
/** Where a scan is large, it has fingerprints. */
const LARGE = 330;

const failures: readonly Failure[] = [
  { outcome: 'throttled', code: 'Throttling', retryable: true },
  { outcome: 'failed', code: 'CONNECTION', retryable: true },
  { outcome: 'failed', code: 'InternalError', retryable: false },
  { outcome: 'denied', code: 'AccessDenied', permission: 'x:List', retryable: false },
  { outcome: 'failed', code: 'InvalidClientToken', credentialsRejected: true, retryable: false },
];

/** A composition of everything that may happen, drawn from a seed: the same seed is the same story. */
class Story {
  readonly world: World;
  readonly #random: Random;
  readonly #faults: number;
  readonly #cloudFaults: number;
  readonly #clouds: ReadonlyMap<string, Uint32Array>[] = [];

  constructor(seed: number) {
    const random = new Random(seed * 2_654_435_761);
    this.#random = random;
    const isLarge = random.chance(0.2);
    const isChain = !isLarge && random.chance(0.2);
    const collectors = [thing, combo, detailed, ...(isLarge ? [large] : []), ...(isChain ? [chained] : [])];
    const costs = random.chance(0.5) ? billing : undefined;
    this.world = new World({ seed, collectors, costs, duplicates: random.pick([0, 0, 0.1, 0.4]) });
    this.#faults = random.pick([0, 0.01, 0.03, 0.08]) / (isLarge || isChain ? 6 : 1);
    this.#cloudFaults = random.pick([0, 0.02, 0.1]);
    const { cloud } = this.world;
    cloud.fill(ACCOUNT, 'thing', 'r1', random.below(9));
    cloud.fill(ACCOUNT, 'thing', 'r2', random.below(5));
    cloud.fill(ACCOUNT, 'combo', 'global', random.below(10));
    cloud.fill(ACCOUNT, 'detailed', 'global', random.below(5));
    if (isChain) cloud.fill(ACCOUNT, 'chained', 'global', CHAINED_PAGES * chained.pageSize);
    if (isLarge) cloud.fill(ACCOUNT, 'large', 'global', LARGE);
    this.#remember();
    this.world.calls.fault = (attempt) => this.#fault(attempt);
    const pause = isChain ? random.pick([13, 25]) * SECOND : 0;
    cloud.rule = ({ collector }) =>
      this.#cloudFault() ?? (collector === 'chained' && pause > 0 ? { is: 'slow', milliseconds: pause } : undefined);
  }

  async tell(): Promise<readonly string[]> {
    const { world } = this;
    for (const tenant of TENANTS) if (tenant === 'acme' || this.#random.chance(0.4)) doConnect(world, tenant);
    const acts = 5 + this.#random.below(14);
    for (let n = 0; n < acts; n += 1) {
      const wait = this.#random.pick([0.05, 0.2, 0.5, 0.5, 2, 20, 140, 700]) * SECOND;
      await world.run(() => false, wait * this.#random.next());
      this.#act();
      if (world.watch.violations.length > 0) return world.watch.violations;
    }
    // From here on nothing goes wrong: whatever was begun must come to its end.
    world.calls.fault = () => undefined;
    world.cloud.rule = () => undefined;
    world.duplicates = 0;
    await settle(world);
    const found = violationsAtRest(world);
    if (found.length > 0) return found;
    return healAll(world, [undefined, this.#random.pick(this.#clouds)]);
  }

  #act(): void {
    const { world } = this;
    const random = this.#random;
    const tenant = random.pick(TENANTS);
    // The newest, or the one before it.
    const rows = providersOf(world)
      .filter((one) => one.tenant === tenant)
      .slice(-2);
    const row = rows[random.below(rows.length)];
    const id = row?.id ?? 1;
    const active = random.chance(0.5) ? row?.active_inventory : row?.active_costs;
    const what = random.below(22);
    world.note(`--- act ${what} of ${tenant} ${id}`);
    if (what < 7) this.#change();
    else if (what < 13) doSync(world, id, tenant, random.chance(0.2) ? 'failed' : 'all');
    else if (what < 15 && active !== undefined) doCancel(world, active, id, tenant);
    else if (what < 16) doDelete(world, id, tenant);
    else if (what < 18) doConnect(world, tenant);
    else if (what < 19) world.tick();
    else if (what < 21 && world.cloud.billing !== undefined) this.#bill(id, tenant);
    else
      world.regions = random.chance(0.5) ? { outcome: 'denied', code: 'AccessDenied', retryable: false } : ['r1', 'r2'];
  }

  #bill(id: number, tenant: string): void {
    const random = this.#random;
    const day = addDays(dayOf(this.world.clock.now()), -random.below(4));
    this.world.cloud.costs.restate(ACCOUNT, day, 1 + random.below(9));
    doCosts(this.world, id, tenant);
  }

  #change(): void {
    const random = this.#random;
    for (const slots of this.world.cloud.cells.values()) {
      const changes = random.below(slots.length > 100 ? random.pick([4, 120]) : 4);
      for (let n = 0; n < changes; n += 1) {
        slots[random.below(slots.length)] = random.chance(0.4) ? 0 : 1 + random.below(4);
      }
    }
    this.#remember();
  }

  #remember(): void {
    this.#clouds.push(new Map([...this.world.cloud.cells].map(([name, slots]) => [name, slots.slice()])));
  }

  #fault({ effect, op }: Attempt): Fault | undefined {
    const random = this.#random;
    if (!effect) return op !== 'cloud' && random.chance(this.#faults / 8) ? { is: 'refuse' } : undefined;
    if (!random.chance(this.#faults)) return undefined;
    const is = random.pick(['kill', 'kill', 'lost', 'lost', 'error', 'refuse', 'late', 'slow'] as const);
    // A bus that refuses holds nobody up, by design: the event is then lost.
    if (is === 'refuse' && op === 'publish') return undefined;
    if (is === 'late') return { is, milliseconds: random.below(8 * SECOND) };
    return is === 'slow' ? { is, milliseconds: random.below(20 * SECOND) } : { is };
  }

  #cloudFault(): CloudFault | undefined {
    const random = this.#random;
    if (!random.chance(this.#cloudFaults)) return undefined;
    const what = random.below(12);
    if (what < 7) return { failure: random.pick(failures) };
    if (what < 8) return { is: 'hang' };
    if (what < 9) return { is: 'loop' };
    return { is: 'slow', milliseconds: random.pick([5, 40]) * SECOND };
  }
}

/** The last lines of a seed's story, also of one that ends well. */
export async function traceOf(seed: number): Promise<readonly string[]> {
  const story = new Story(seed);
  await story.tell();
  return story.world.trace;
}

/** Tells the story of a seed. @returns what was wrong with it, and how it came to that. */
export async function runSeed(seed: number): Promise<Failed | undefined> {
  const story = new Story(seed);
  const violations = await story.tell();
  return violations.length === 0
    ? undefined
    : { scenario: `seed ${seed}`, point: 'its story', violations, trace: story.world.trace };
}
