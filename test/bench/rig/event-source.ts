import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Stage, type StageName, stages } from '../../../functions/sync/stages.ts';
import { contextOf, type SqsHandler, sqsEvent } from '../../simulation/event-source.ts';
import type { QueueStore } from '../../simulation/memory/queue-store.ts';
import { Process } from '../../simulation/process.ts';
import type { VirtualClock } from '../../simulation/virtual-clock.ts';
import type { Meters } from './meters.ts';

/** Milliseconds from a message in the queue to its function. */
const DELIVERY_MS = 20;

/**
 * Concurrency of an SQS event source as Lambda documents it: five invocations at first, and up to 300 more a minute
 * while messages wait. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const SCALING = { first: 5, perMinute: 300 } as const;

export const invocationsAfter = (milliseconds: number, most: number): number =>
  Math.min(most, SCALING.first + Math.floor((milliseconds * SCALING.perMinute) / 60_000));

/** Hands a queue's messages to a stage's handler, within the concurrency that the source has by then. */
export class EventSource {
  readonly #clock: VirtualClock;
  readonly #queue: QueueStore;
  readonly #stage: StageName;
  readonly #handler: SqsHandler;
  readonly #meters: () => Meters;
  #busy = 0;
  #since: number | undefined;
  #runs = 0;

  constructor(clock: VirtualClock, queue: QueueStore, stage: StageName, handler: SqsHandler, meters: () => Meters) {
    this.#clock = clock;
    this.#queue = queue;
    this.#stage = stage;
    this.#handler = handler;
    this.#meters = meters;
  }

  get busy(): number {
    return this.#busy;
  }

  /** To be called whenever a message may have come. */
  wake(): void {
    const next = this.#queue.nextAt();
    if (next === undefined) return;
    this.#clock.at(Math.max(this.#clock.now(), next) + DELIVERY_MS, () => this.#poll());
  }

  #poll(): void {
    const { source }: Stage = stages[this.#stage];
    if (!('queue' in source)) return;
    this.#since ??= this.#clock.now();
    for (;;) {
      const most = invocationsAfter(this.#clock.now() - this.#since, source.maxConcurrency);
      if (this.#busy >= most) break;
      const messages = this.#queue.receive(this.#clock.now(), source.batchSize);
      if (messages.length === 0) break;
      this.#meters().queueRequests += 1;
      void this.#invoke(sqsEvent(messages));
    }
    // The source grows while messages wait: look again when it has one invocation more.
    const waits = (this.#queue.nextAt() ?? Number.POSITIVE_INFINITY) <= this.#clock.now();
    if (waits && this.#busy < source.maxConcurrency)
      this.#clock.at(this.#clock.now() + 60_000 / SCALING.perMinute, () => this.#poll());
  }

  async #invoke(event: SQSEvent): Promise<void> {
    this.#busy += 1;
    this.#runs += 1;
    const began = this.#clock.now();
    const until = began + stages[this.#stage].timeoutSeconds * 1000;
    const id = `${this.#stage}-${this.#runs}`;
    const process = new Process({ id, stage: this.#stage, tenant: undefined, task: undefined, startedAt: began });
    const { batchItemFailures }: SQSBatchResponse = await this.#handler(
      event,
      contextOf(process, () => this.#clock.now(), until),
    );
    const meters = this.#meters();
    meters.invocations.push({ stage: this.#stage, milliseconds: this.#clock.now() - began });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = event.Records.filter(({ messageId }) => !failed.has(messageId));
    if (done.length > 0) meters.queueRequests += 1;
    for (const { receiptHandle } of done) this.#queue.delete(receiptHandle);
    this.#busy -= 1;
    if (this.#busy === 0 && this.#queue.length === 0) this.#since = undefined;
    this.#poll();
  }
}
