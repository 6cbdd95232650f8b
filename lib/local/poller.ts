import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from './clients.ts';
import type { Functions } from './functions.ts';
import type { EventSourceModel } from './model.ts';
import type { Queues } from './queues.ts';
import { failedMessages, sqsEvent } from './sqs-event.ts';

/** Longest that a receive waits for a message. Seconds; SQS's own maximum. */
const LONG_POLL = 20;

/**
 * An event source mapping: receives batches from a queue, runs the function on up to `maxConcurrency` of them at a time,
 * and deletes what was done. What was not stays until its visibility ends; the queue itself redrives it at last.
 */
export class Poller {
  readonly #source: EventSourceModel;
  readonly #functions: Functions;
  readonly #queues: Queues;
  readonly #client: SQSClient;
  readonly #changed: () => void;
  readonly #batches = new Set<Promise<void>>();
  #wanted = false;
  #pausing = Promise.withResolvers<void>();
  #loop: Promise<void> = Promise.resolve();

  /** @param changed called whenever the queue may have become empty. */
  constructor(source: EventSourceModel, functions: Functions, queues: Queues, changed: () => void) {
    this.#source = source;
    this.#functions = functions;
    this.#queues = queues;
    this.#client = new SQSClient(clientSettings(queues.url));
    this.#changed = changed;
  }

  /** The queue it reads. */
  get queue(): string {
    return this.#source.queue.name;
  }

  /** Whether it takes messages. */
  get polling(): boolean {
    return this.#wanted;
  }

  /** Whether it has something in hand. */
  get busy(): boolean {
    return this.#batches.size > 0;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#pausing = Promise.withResolvers();
    this.#loop = this.#loop.then(() => this.#poll());
  }

  /** After this no further message is taken; batches in hand run on. */
  async pause(): Promise<void> {
    this.#wanted = false;
    this.#pausing.resolve();
    const polling = this.#loop;
    // A long poll that is cut off at our end would still take a message, for nobody; so it is ended at the queue.
    let over = false;
    const end = polling.then(() => {
      over = true;
    });
    while (!over) {
      this.#queues.wake(this.queue);
      await Promise.race([end, new Promise(setImmediate)]);
    }
  }

  /** For good: waits for the batches in hand, so that nobody calls the queue afterwards. */
  async close(): Promise<void> {
    await this.pause();
    await Promise.all(this.#batches);
    this.#client.destroy();
  }

  async #poll(): Promise<void> {
    while (this.#wanted) {
      if (this.#batches.size >= this.#source.maxConcurrency) {
        await Promise.race([...this.#batches, this.#pausing.promise]);
        continue;
      }
      const messages = await this.#receive();
      if (messages.length > 0) {
        const batch = this.#run(messages).finally(() => {
          this.#batches.delete(batch);
          this.#changed();
        });
        this.#batches.add(batch);
      }
      // Also after nothing: a receive may have moved messages to the dead letters.
      this.#changed();
    }
  }

  async #receive(): Promise<readonly Message[]> {
    const answer = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#source.queue.url,
        MaxNumberOfMessages: this.#source.batchSize,
        WaitTimeSeconds: LONG_POLL,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return answer.Messages ?? [];
  }

  async #run(messages: readonly Message[]): Promise<void> {
    const outcome = await this.#functions.invoke(this.#source.function, sqsEvent(messages, this.#source.queue.arn));
    if (!outcome.ok) return;
    const failed = this.#source.partialFailures ? failedMessages(outcome.payload, messages) : new Set();
    const done = messages.filter((message) => !failed.has(message.MessageId));
    if (done.length === 0) return;
    await this.#client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.#source.queue.url,
        Entries: done.map((message, n) => ({ Id: String(n), ReceiptHandle: message.ReceiptHandle })),
      }),
    );
  }
}
