import './settings.ts';
import type { CostFacts } from '../../functions/domain/cost-source.ts';
import { violationsAtRest } from './checks.ts';
import type { SimCollector } from './fake-cloud.ts';
import { healAll } from './heal.ts';
import type { FaultRule } from './process.ts';
import { settle } from './settle.ts';
import { World } from './world.ts';
import type { Image } from './world-options.ts';

/** One flow, from where it begins until things are quiet. */
export interface Scenario {
  readonly name: string;
  readonly collectors: readonly SimCollector[];
  /** How the cloud bills; absent: it bills nobody. */
  readonly costs?: CostFacts;
  /** Brings the world to where the flow begins. */
  readonly before: (world: World) => Promise<void>;
  /** The flow. It need not wait for its end. */
  readonly act: (world: World) => Promise<void> | void;
  /** What else must hold at the end, beside the invariants. */
  readonly after?: (world: World) => readonly string[];
  /** Without ticks: what must end well without anybody who looks after it. */
  readonly ticks?: boolean;
  readonly seed?: number;
  /** Whether messages may come to rest in the dead letters. */
  readonly parks?: boolean;
  /** Only these stages meet faults; absent: all. */
  readonly faultsIn?: readonly string[];
  /** Users race each other: who of them is told what is a matter of milliseconds. */
  readonly races?: true;
  /** Run once, without faults but those of its own. */
  readonly once?: true;
}

export interface Outcome {
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly effects: number;
  /** What users were answered other than success. */
  readonly refused: readonly string[];
  /** Virtual milliseconds until the last job was over. */
  readonly took: number;
  readonly cloudCalls: number;
  readonly writes: number;
}

/** The cloud that a later sync without a fault finds: as the scenario left it, or as it was before. */
export type Heal = 'as it is' | 'as it was';

/** A scenario with its beginning made once. */
export class Prepared {
  readonly scenario: Scenario;
  readonly #image: Image;

  private constructor(scenario: Scenario, image: Image) {
    this.scenario = scenario;
    this.#image = image;
  }

  static async of(scenario: Scenario): Promise<Prepared> {
    const { seed = 1, collectors, costs } = scenario;
    const world = new World({ seed, collectors, costs });
    await scenario.before(world);
    await settle(world);
    const wrong = violationsAtRest(world);
    if (wrong.length > 0) throw new Error(`${scenario.name} does not even begin well: ${wrong.join('; ')}`);
    return new Prepared(scenario, world.save());
  }

  /** Runs it once. @param fault what goes wrong, until things are quiet. */
  async run(fault: FaultRule = () => undefined, heals: readonly Heal[] = ['as it is', 'as it was']): Promise<Outcome> {
    const { scenario } = this;
    const { seed = 1, collectors, costs, ticks = true } = scenario;
    const world = new World({ seed: seed + 1, collectors, costs, ticks, image: this.#image });
    const began = world.clock.now();
    const writes = world.stores.table.units.writes;
    const { faultsIn } = scenario;
    let hit = 0;
    world.calls.fault = (call) => {
      // What a task says of its progress nobody acts upon.
      const said = call.sets?.length === 1 && call.sets[0] === 'progress';
      if (!call.effect || said || (faultsIn !== undefined && !faultsIn.includes(call.process.stage))) return undefined;
      hit += 1;
      return fault({ ...call, effects: hit - 1 });
    };
    await scenario.act(world);
    await settle(world);
    const took = Math.max(0, world.watch.freedAt - began);
    const refused = [...world.refused];
    const cloudCalls = world.cloud.calls;
    const written = world.stores.table.units.writes - writes;
    const found = [...violationsAtRest(world), ...(scenario.after?.(world) ?? [])];
    if (scenario.parks !== true && world.stores.queues.deadLetters.length > 0) {
      found.push(`${world.stores.queues.deadLetters.length} messages are in the dead letters`);
    }
    const trace = [...world.trace];
    // A torn scan is no violation yet; one that does not heal is.
    const clouds = heals.map((cloud) => (cloud === 'as it was' ? this.#image.cells : undefined));
    const violations = found.length > 0 ? found : await healAll(world, clouds);
    return {
      violations,
      trace: found.length > 0 ? trace : [...world.trace],
      effects: hit,
      refused,
      took,
      cloudCalls,
      writes: written,
    };
  }
}

/** The SDK's own retry mends a lost answer: nobody may have to wait for a lease or a tick. Milliseconds. */
const LOST_MS = 60_000;
/** Ways to go wrong, and which heals each is tried with: between them both, and few enough to be quick. */
const MODES = [
  { is: 'kill', heals: ['as it was'] },
  { is: 'lost', heals: [] },
  { is: 'error', heals: ['as it is'] },
] as const;

export interface Failed {
  readonly scenario: string;
  readonly point: string;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

export interface Enumerated {
  readonly runs: number;
  readonly failed: readonly Failed[];
  /** Virtual milliseconds of the slowest run, and which it was. */
  readonly slowest: number;
  readonly slowestPoint: string;
}

/** Runs a scenario without a fault, and then once for each effect in each mode. @param most failures to look for. */
export async function enumerate(scenario: Scenario, most = 1): Promise<Enumerated> {
  const prepared = await Prepared.of(scenario);
  const failed: Failed[] = [];
  let runs = 0;
  let [slowest, slowestPoint] = [0, ''];
  const note = (point: string, violations: readonly string[], trace: readonly string[]): void => {
    if (violations.length > 0) failed.push({ scenario: scenario.name, point, violations, trace });
  };
  const attempt = async (point: string, fault?: FaultRule, heals?: readonly Heal[]): Promise<Outcome> => {
    const outcome = await prepared.run(fault, heals);
    runs += 1;
    if (outcome.took > slowest) [slowest, slowestPoint] = [outcome.took, point];
    note(point, outcome.violations, outcome.trace);
    return outcome;
  };
  const { effects, took, refused } = await attempt('no fault');
  if (scenario.once) return { runs, failed, slowest, slowestPoint };
  for (let n = 0; n < effects; n += 1) {
    for (const { is, heals } of MODES) {
      if (failed.length >= most) return { runs, failed, slowest, slowestPoint };
      const point = `${is} at effect ${n}`;
      const outcome = await attempt(point, (call) => (call.effects === n ? { is } : undefined), heals);
      const more = outcome.took - took;
      if (is === 'lost' && !scenario.races && outcome.refused.length > refused.length) {
        note(point, [`a lost answer alone, and a user was told ${outcome.refused.at(-1)}`], outcome.trace);
      }
      if (is === 'lost' && more > LOST_MS)
        note(point, [`a lost answer alone cost ${Math.round(more / 1000)} s`], outcome.trace);
    }
  }
  return { runs, failed, slowest, slowestPoint };
}
