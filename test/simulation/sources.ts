import type { SQSBatchResponse } from 'aws-lambda';
import { taskMessageSchema } from '../../functions/domain/messages.ts';
import type { Machine } from '../../functions/runtime/machine.ts';
import { collectHandler } from '../../functions/sync/collect-task.ts';
import { failHandler } from '../../functions/sync/fail-task.ts';
import { planHandler } from '../../functions/sync/plan-sync.ts';
import { type StageName, stages } from '../../functions/sync/stages.ts';
import { contextOf, type SqsHandler, sqsEvent } from './event-source.ts';
import type { QueueStore, Received } from './memory/queue-store.ts';
import type { AllPorts } from './ports.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** The event source of every queue: at least once, in any order, as many invocations at a time as the stage allows. */
export class Sources {
  readonly #world: World;
  readonly #busy = new Map<QueueStore, number>();
  readonly #waking = new Map<QueueStore, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The stage that reads a queue, and its handler for one process. */
  #reader(
    queue: QueueStore,
  ): { readonly stage: StageName; readonly handler: (process: Process) => SqsHandler } | undefined {
    const { requests, tasks, failedTasks } = this.#world.stores.queues;
    const over =
      <P>(make: { over(ports: AllPorts, machine: Machine): P }) =>
      (process: Process): P => {
        const ports = this.#world.portsOf(process, queue);
        return make.over(ports, this.#world.machineOf(ports));
      };
    if (queue === requests)
      return { stage: 'planSync', handler: over(planHandler(this.#world.cloud.planned(() => this.#world.regions))) };
    if (queue === failedTasks) return { stage: 'failTask', handler: over(failHandler(this.#world.cloud.failing)) };
    if (queue !== tasks) return undefined;
    return {
      stage: 'collectTask',
      handler: (process) =>
        over(collectHandler(this.#world.cloud.collecting(process, this.#world.calls, () => this.#world.clock.now())))(
          process,
        ),
    };
  }

  /** Somebody must read the queue as soon as it has something to read. */
  wake(queue: QueueStore): void {
    const next = queue.nextAt();
    if (next === undefined || this.#reader(queue) === undefined) return;
    const at = Math.max(this.#world.clock.now(), next) + this.#world.random.between(5, 60);
    const planned = this.#waking.get(queue);
    if (planned !== undefined && planned <= at && planned > this.#world.clock.now()) return;
    this.#waking.set(queue, at);
    this.#world.clock.at(at, () => this.#poll(queue));
  }

  #poll(queue: QueueStore): void {
    const reader = this.#reader(queue);
    if (reader === undefined || this.#world.paused.has(queue)) return;
    const { source } = stages[reader.stage];
    if (!('queue' in source)) return;
    while ((this.#busy.get(queue) ?? 0) < source.maxConcurrency) {
      const messages = queue.receive(this.#world.clock.now(), source.batchSize, (n) => this.#world.random.below(n));
      if (messages.length === 0) break;
      this.invoke(queue, messages);
      for (const message of messages) this.#maybeAgain(queue, message);
    }
    // A receive may have moved messages on.
    for (const other of Object.values(this.#world.stores.queues))
      if (other !== queue && other.length > 0) this.wake(other);
    this.wake(queue);
  }

  /** A standard queue may hand a message over twice, also after it was deleted. */
  #maybeAgain(queue: QueueStore, message: Received): void {
    if (!this.#world.random.chance(this.#world.duplicates)) return;
    this.#world.clock.at(this.#world.clock.now() + this.#world.random.between(0, this.#world.duplicateWithin), () =>
      this.invoke(queue, [{ ...message, receipt: `${message.receipt}/copy` }]),
    );
  }

  /** Runs the queue's function on messages. */
  invoke(queue: QueueStore, messages: readonly Received[]): void {
    const reader = this.#reader(queue);
    if (reader === undefined) return;
    const about = messages.map(({ body }) => aboutOf(body));
    const [first] = about;
    const one = about.every(({ tenant }) => tenant === first?.tenant) ? first?.tenant : undefined;
    const process = this.#world.begin(reader.stage, one, reader.stage === 'planSync' ? undefined : first?.task);
    if (first !== undefined) this.#world.watch.began(process, this.#hasJoined(first));
    const { timeoutSeconds } = stages[reader.stage];
    // One that is not stopped does not know that its time is over either: it works on as a zombie would.
    const until = this.#world.timeouts ? this.#world.clock.now() + timeoutSeconds * 1000 : Number.MAX_SAFE_INTEGER;
    this.#busy.set(queue, (this.#busy.get(queue) ?? 0) + 1);
    this.#world.lambdas[reader.stage] = (this.#world.lambdas[reader.stage] ?? 0) + 1;
    this.#world.note(`${process.id}: got ${messages.map(({ id, receives }) => `${id} (${receives})`).join(', ')}`);
    this.#world.limit(process, timeoutSeconds);
    let answer: SQSBatchResponse | undefined;
    reader
      .handler(process)(
        sqsEvent(messages),
        contextOf(process, () => this.#world.clock.now(), until),
      )
      .then(
        (given) => {
          answer = given;
        },
        (error: unknown) => this.#world.note(`${process.id}: the handler threw ${String(error)}`),
      )
      .finally(() => this.#world.end(process));
    void process.gone.then(() => {
      this.#world.processes.delete(process);
      this.#busy.set(queue, (this.#busy.get(queue) ?? 1) - 1);
      if (answer !== undefined) this.#acknowledge(process, queue, messages, answer);
      this.wake(queue);
    });
  }

  /** Lambda deletes what was done; that call may get lost like any other. */
  #acknowledge(process: Process, queue: QueueStore, messages: readonly Received[], answer: SQSBatchResponse): void {
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ id }) => !failed.has(id));
    if (done.length === 0) return;
    const on = done.map(({ id }) => id).join(', ');
    const fault = this.#world.calls.fault({
      op: 'acknowledge',
      on,
      effect: true,
      process,
      effects: this.#world.calls.effects++,
    });
    this.#world.note(`${process.id}: acknowledged ${on} ${fault === undefined ? '' : 'LOST'}`);
    if (fault === undefined) for (const { receipt } of done) queue.delete(receipt);
  }

  #hasJoined({ tenant, provider, job, number }: About): boolean {
    const sk = `JOB#${String(job).padStart(16, '0')}`;
    const item = this.#world.stores.table.peek({ pk: `T#${tenant}#P#${provider}`, sk });
    return item !== undefined && number !== undefined && !(item.pending instanceof Set && item.pending.has(number));
  }
}

interface About {
  readonly tenant: string | undefined;
  readonly provider: number;
  readonly job: number;
  readonly number: number | undefined;
  readonly task: string | undefined;
}

function aboutOf(body: string): About {
  const message = taskMessageSchema
    .pick({ tenant: true, provider: true, job: true })
    .extend({ task: taskMessageSchema.shape.task.optional() })
    .loose()
    .safeParse(parsed(body)).data;
  if (message === undefined) return { tenant: undefined, provider: 0, job: 0, number: undefined, task: undefined };
  const { tenant, provider, job, task: number } = message;
  return { tenant, provider, job, number, task: `T#${tenant}#P#${provider}/${job}/${number ?? 0}` };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
