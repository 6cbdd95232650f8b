import type { CloudSession, CollectorFacts, Scopes } from '../../../functions/domain/cloud.ts';
import { absent } from '../../../functions/domain/conditions.ts';
import { type JobItem, jobItem, providerItem } from '../../../functions/domain/items.ts';
import { hashTenant, type Key, keys } from '../../../functions/domain/keys.ts';
import type { SyncRequest, TaskMessage } from '../../../functions/domain/messages.ts';
import type { RequestQueue, Table } from '../../../functions/domain/ports.ts';
import { parseItem } from '../../../functions/domain/provider.ts';
import { startSync } from '../../../functions/domain/start-sync.ts';
import { CLOUD_DEFAULTS, type LinkValue } from '../../../functions/runtime/links.ts';
import type { Machine } from '../../../functions/runtime/machine.ts';
import { Secret } from '../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../functions/runtime/settings.ts';
import { collectHandler } from '../../../functions/sync/collect-task.ts';
import { planHandler } from '../../../functions/sync/plan-sync.ts';
import { stages } from '../../../functions/sync/stages.ts';
import { QueueStore } from '../../simulation/memory/queue-store.ts';
import { TableStore } from '../../simulation/memory/table-store.ts';
import { EventSource } from './event-source.ts';
import { Meters } from './meters.ts';
import { meteredQueue, meteredTable, OURS } from './ports.ts';
import { WiredClock } from './wired-clock.ts';

export const REF = { tenant: hashTenant('bench', 'bench'), id: 1 } as const;
export const START = Date.UTC(2031, 0, 1);
const LONGEST_MS = 3 * 3_600_000;
const TIMEOUTS_INVISIBLE = 6;

export interface RigOptions {
  readonly collectors: readonly CollectorFacts[];
  /** What planning finds, and the milliseconds that asking takes. */
  readonly scopes: Scopes;
  readonly scopesMs: number;
  /** Opens the account on the rig's clock. */
  readonly session: (clock: WiredClock) => CloudSession & { close(): void };
  /** Our share of the cloud's quotas. */
  readonly share?: number;
  /** Settings of the clouds beside it. */
  readonly settings?: Partial<LinkValue<'clouds'>> | undefined;
  /** Whether an item is kept; see `Metering`. */
  readonly keeps?: (key: Key) => boolean;
  /** Where items are kept; absent: in memory. One that knows the provider is gone on with. */
  readonly store?: TableStore;
  /** When its clock begins, in milliseconds since 1970: later than all that the store knows. */
  readonly from?: number;
}

/** What one sync came to. */
export interface RigSync {
  readonly job: JobItem;
  readonly meters: Meters;
  /** Virtual milliseconds from the request until the provider is free again. */
  readonly milliseconds: number;
}

/**
 * The sync pipeline's own handlers on a virtual clock, over the simulator's stores, without faults: every call takes its
 * time, computing takes none, and all that AWS charges for is metered.
 */
export class Rig {
  readonly clock: WiredClock;
  readonly store: TableStore;
  readonly #table: Table;
  readonly #sources: readonly EventSource[];
  readonly #queues: readonly QueueStore[];
  readonly #requests: RequestQueue;
  #meters = new Meters();

  constructor({
    collectors,
    scopes,
    scopesMs,
    session,
    share = 0.5,
    settings,
    keeps = () => true,
    store = new TableStore(),
    from = START,
  }: RigOptions) {
    this.clock = new WiredClock(from);
    this.store = store;
    Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, ...settings, apiShare: share }));
    const { clock } = this;
    const meters = () => this.#meters;
    const queueOf = (name: string, seconds: number): QueueStore =>
      new QueueStore({ name, visibilitySeconds: seconds * TIMEOUTS_INVISIBLE });
    const requests = queueOf('requests', stages.planSync.timeoutSeconds);
    const tasks = queueOf('tasks', stages.collectTask.timeoutSeconds);
    this.#queues = [requests, tasks];
    this.#table = meteredTable({ clock, store, meters, keeps });
    const ports = {
      table: this.#table,
      secrets: {
        read: async () => {
          await clock.sleep(OURS.secrets);
          this.#meters.secretReads += 1;
          return new Secret('{}');
        },
      },
      tasks: { to: () => meteredQueue<TaskMessage>(clock, tasks, meters, () => taskSource.wake()) },
      events: {
        publish: async () => {
          await clock.sleep(OURS.queue);
          this.#meters.events += 1;
        },
      },
      deadLetters: { park: async (body: string) => Promise.reject(new Error(`A message was parked: ${body}`)) },
      delay: { delay: async () => Promise.reject(new Error('A message was left in its queue.')) },
    };
    const planned = {
      collectors: () => collectors,
      scopes: async (_: string, secret: () => Promise<unknown>) => {
        await secret();
        await clock.sleep(scopesMs);
        return scopes;
      },
    };
    const cloud = { facts: { collectors }, decode: () => new Secret({}), open: () => session(clock) };
    const plan = planHandler(planned).over(ports, this.#machine);
    const collect = collectHandler(cloud).over(ports, this.#machine);
    const requestSource = new EventSource(clock, requests, 'planSync', plan, meters);
    const taskSource = new EventSource(clock, tasks, 'collectTask', collect, meters);
    this.#sources = [requestSource, taskSource];
    this.#requests = meteredQueue<SyncRequest>(clock, requests, meters, () => requestSource.wake());
    store.update(keys.provider(REF), { set: PROVIDER, condition: absent('pk') });
  }

  /** Runs one whole sync. @throws Error where it ends otherwise than it should. */
  async sync(outcome: JobItem['outcome'] = 'succeeded'): Promise<RigSync> {
    this.#meters = new Meters();
    const began = this.clock.now();
    const ports = { table: this.#table, requests: this.#requests, clock: this.clock };
    let number: number | undefined;
    const starting = startSync(ports, REF, { trigger: 'manual', scope: 'all' }).then((job) => {
      number = job;
    });
    await this.#run(() => number !== undefined && !this.#isActive());
    await starting;
    const milliseconds = this.clock.now() - began;
    await this.#run(() => this.#isQuiet());
    const job = parseItem(jobItem, this.store.peek(keys.job(REF, number ?? 0)) ?? {});
    if (job.outcome !== outcome) throw new Error(`The job ended as ${job.outcome}: ${JSON.stringify(job.totals)}`);
    return { job, meters: this.#meters, milliseconds };
  }

  async #run(until: () => boolean): Promise<void> {
    const ended = await this.clock.run(until, this.clock.now() + LONGEST_MS);
    if (!ended) throw new Error('The sync does not end.');
  }

  #isActive(): boolean {
    return this.store.peek(keys.provider(REF))?.active_inventory !== undefined;
  }

  #isQuiet(): boolean {
    return this.#sources.every(({ busy }) => busy === 0) && this.#queues.every(({ length }) => length === 0);
  }

  get #machine(): Machine {
    const say = (message: string, details?: Readonly<Record<string, unknown>>): void => {
      if (details?.error !== undefined) console.error(message, details.error);
    };
    return {
      clock: this.clock,
      log: { info: () => undefined, warn: say, error: say },
      metrics: { count: () => undefined },
      random: () => 0.5,
    };
  }
}

const AT = new Date(START).toISOString();
const PROVIDER = providerItem.parse({
  v: 1,
  tenant: 'bench',
  id: REF.id,
  cloud: 'aws',
  name: 'bench',
  account: '111122223333',
  state: 'connected',
  secret: 'aws/bench',
  last_job: 0,
  interval_minutes: 360,
  status: 'syncing',
  resource_count: 0,
  complete: false,
  created_at: AT,
});
