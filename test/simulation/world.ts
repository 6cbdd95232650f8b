import type { Failure } from '../../functions/domain/cloud.ts';
import { ConflictError, NotFoundError, UnavailableError } from '../../functions/domain/errors.ts';
import { hashTenant } from '../../functions/domain/keys.ts';
import type { Metrics } from '../../functions/domain/log.ts';
import type { Machine } from '../../functions/runtime/machine.ts';
import { tickHandler } from '../../functions/sync/schedule-syncs.ts';
import { type StageName, stages } from '../../functions/sync/stages.ts';
import { Calls } from './calls.ts';
import { FakeCloud, REGIONS } from './fake-cloud.ts';
import type { QueueStore, Received } from './memory/queue-store.ts';
import { type AllPorts, portsOf, type Stores } from './ports.ts';
import { InjectedError, Process } from './process.ts';
import { Random } from './random.ts';
import { Sources } from './sources.ts';
import { storesOf } from './stores.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Watch } from './watch.ts';
import type { Flow, Image, WorldOptions } from './world-options.ts';

const START = Date.UTC(2031, 0, 1);
const MINUTE = 60_000;
/** Lines of the trace that are kept. */
const TRACE = 400;

/** What a user may be told without anything being wrong with us. */
const EXPECTED = [NotFoundError, ConflictError, UnavailableError, InjectedError];

const tenants = new Map<string, string>();

/** A tenant as keys name it. */
export function tenantOf(name: string): string {
  const hashed = tenants.get(name) ?? hashTenant('https://issuer.example', name);
  tenants.set(name, hashed);
  return hashed;
}

class Running<T> implements Flow<T> {
  readonly process: Process;
  done = false;
  value: T | undefined;
  error: unknown;

  constructor(process: Process) {
    this.process = process;
  }
}

/** The deployed system on a virtual clock. */
export class World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly calls: Calls;
  readonly stores: Stores;
  readonly cloud: FakeCloud;
  readonly watch: Watch;
  readonly trace: string[] = [];
  readonly metrics = new Map<string, number>();
  readonly processes = new Set<Process>();
  regions: readonly string[] | Failure = REGIONS;
  ticks: boolean;
  duplicates: number;
  timeouts: boolean;
  /** Milliseconds a copy of a message comes after it, at most. */
  duplicateWithin = 8000;
  /** What users were answered other than success. */
  readonly refused: string[] = [];
  /** Whether what happens is noted. */
  tracing = true;
  /** Queues that nobody reads for now. */
  readonly paused = new Set<QueueStore>();
  /** Invocations by stage. */
  readonly lambdas: Partial<Record<StageName, number>> = {};
  readonly #epoch: number;
  readonly #sources: Sources;
  #processCount = 0;

  constructor(options: WorldOptions) {
    const { image, seed } = options;
    this.#epoch = (image?.epoch ?? 0) + 1;
    this.clock = new VirtualClock(image?.at ?? START);
    this.random = new Random(seed);
    this.ticks = options.ticks ?? true;
    this.duplicates = options.duplicates ?? 0;
    this.timeouts = options.timeouts ?? true;
    this.calls = new Calls(this.clock, this.random.fork(), (line) => this.note(line));
    image?.restore();
    this.stores = storesOf(this.#epoch, image, options.table);
    this.cloud = new FakeCloud(options.collectors, options.costs);
    for (const [name, slots] of image?.cells ?? []) this.cloud.cells.set(name, slots.slice());
    if (image !== undefined) this.cloud.costs.takeOver(image.costs);
    this.watch = new Watch(this.cloud, () => this.clock.now(), image?.commits);
    for (const [provider, at] of image?.gone ?? []) this.watch.gone.set(provider, at);
    this.#sources = new Sources(this);
    this.watch.onSend = (sent) => this.#sources.wake(sent);
    this.#tickAt(this.clock.now() + MINUTE);
  }

  note(line: string): void {
    if (!this.tracing) return;
    const short = line.replaceAll(/#?[a-z2-7]{32}/g, '').replaceAll(/0{5,}(?=\d)/g, '');
    this.trace.push(`${((this.clock.now() - START) / 1000).toFixed(3)} ${short}`);
    if (this.trace.length > TRACE * 2) this.trace.splice(0, TRACE);
  }

  /** Everything that lasts, for other worlds to begin with. Only of a world at rest. */
  save(): Image {
    const { table, secrets } = this.stores;
    const [restoreTable, restoreSecrets] = [table.snapshot(), secrets.snapshot()];
    return {
      at: this.clock.now() + MINUTE,
      epoch: this.#epoch,
      table,
      secrets,
      restore: () => {
        restoreTable();
        restoreSecrets();
      },
      cells: new Map([...this.cloud.cells].map(([name, slots]) => [name, slots.slice()])),
      costs: this.cloud.costs.copy(),
      commits: new Map(this.watch.commits),
      gone: new Map(this.watch.gone),
      events: [...this.stores.events],
    };
  }

  /** Lets a user of a tenant do something. */
  user<T>(stage: string, tenant: string, act: (ports: AllPorts, process: Process) => Promise<T>): Flow<T> {
    const process = this.begin(stage, tenant);
    const flow = new Running<T>(process);
    act(this.portsOf(process), process)
      .then(
        (value) => {
          flow.value = value;
        },
        (error: unknown) => {
          flow.error = error;
          this.refused.push(`${stage}: ${error instanceof Error ? error.name : String(error)}`);
          if (!EXPECTED.some((kind) => error instanceof kind))
            this.watch.say(`${stage} answered 500: ${String(error)}`);
          this.note(`${process.id}: ${error instanceof Error ? error.name : String(error)}`);
        },
      )
      .finally(() => this.end(process));
    void process.gone.then(() => {
      flow.done = true;
      this.processes.delete(process);
    });
    return flow;
  }

  portsOf(process: Process, source?: QueueStore): AllPorts {
    const { stores, calls, clock, watch } = this;
    const log = (message: string, details?: Readonly<Record<string, unknown>>): void =>
      this.note(`${process.id} says: ${message} ${describe(details)}`);
    const metrics: Metrics = {
      count: (name, n = 1) => void this.metrics.set(name, (this.metrics.get(name) ?? 0) + n),
    };
    return portsOf(
      process,
      { stores, calls, clock, watch, metrics, log: { info: log, warn: log, error: log } },
      source,
    );
  }

  /** Hands a message over now, beside the queue: a late or doubled delivery. */
  deliver(queue: QueueStore, message: Received): void {
    this.#sources.invoke(queue, [message]);
  }

  /** Reads a queue again that was paused. */
  resume(queue: QueueStore): void {
    this.paused.delete(queue);
    this.#sources.wake(queue);
  }

  /** Runs until the condition holds. @returns whether it came to hold within so many milliseconds. */
  run(until: () => boolean, within: number): Promise<boolean> {
    return this.clock.run(until, this.clock.now() + within);
  }

  begin(stage: string, tenant: string | undefined, task?: string): Process {
    this.#processCount += 1;
    const id = `${stage}-${this.#epoch}.${this.#processCount}`;
    const process = new Process({ id, stage, tenant, task, startedAt: this.clock.now() });
    this.processes.add(process);
    return process;
  }

  end(process: Process): void {
    process.end();
    this.processes.delete(process);
  }

  machineOf({ clock, log, metrics }: AllPorts): Machine {
    return { clock, log, metrics, random: () => this.random.next() };
  }

  #tickAt(at: number): void {
    this.clock.at(at, () => {
      this.#tickAt(at + MINUTE);
      if (this.ticks) this.tick();
    });
  }

  /** One tick of the schedule. */
  tick(): Process {
    const process = this.begin('scheduleSyncs', undefined);
    const ports = this.portsOf(process);
    this.limit(process, stages.scheduleSyncs.timeoutSeconds);
    tickHandler(() => this.cloud.kinds)
      .over(ports, this.machineOf(ports))()
      .catch((error: unknown) => this.note(`${process.id} failed: ${String(error)}`))
      .finally(() => this.end(process));
    void process.gone.then(() => this.processes.delete(process));
    return process;
  }

  limit(process: Process, seconds: number): void {
    if (!this.timeouts) return;
    this.clock.at(this.clock.now() + seconds * 1000, () => {
      if (!process.alive) return;
      this.note(`${process.id}: TIMED OUT`);
      process.end();
    });
  }
}

function describe(details: Readonly<Record<string, unknown>> | undefined): string {
  return JSON.stringify(details ?? {}, (_, value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );
}
