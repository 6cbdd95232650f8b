import { mkdirSync } from 'node:fs';
import { buildApp } from 'fauxqs';
// The package exports only `startFauxqs`, which listens on every interface of the machine and cannot be told not to.
import { PersistenceManager } from '../../node_modules/fauxqs/dist/persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { type SqsQueue, SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { ACCOUNT, REGION } from './account.ts';
import { type Endpoint, LOOPBACK } from './loopback.ts';
import type { QueueModel } from './model.ts';

/** How many messages a queue holds. */
export interface Depth {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

/** The local SQS. */
export interface Queues extends Endpoint {
  /** The URL of the queue of that name, whether it is there yet or not. */
  urlOf(name: string): string;
  /** Creates the template's queues, or gives those of an earlier start the template's attributes. */
  create(queues: readonly QueueModel[]): void;
  depth(name: string): Depth;
  /** Lets every long poll on the queue end now. */
  wake(name: string): void;
}

class Persistence extends PersistenceManager {
  // The original writes NULL into the receive count, which the column refuses: the call fails and the message is lost.
  // The row may go on saying "in flight": the next start makes all of those visible.
  override updateMessageReady(): void {}
}

/** Starts `fauxqs` over a folder (SQLite): messages, receive counts and delays survive `kill -9`. */
export async function startQueues(folder: string): Promise<Queues> {
  mkdirSync(folder, { recursive: true });
  const persistence = new Persistence(folder);
  const store = new SqsStore();
  const snsStore = new SnsStore();
  // Before the store is given its persistence: writing a queue's row anew would take the rows of its messages along.
  persistence.loadSqsAndSns(store, snsStore);
  store.persistence = persistence;
  for (const queue of store.allQueues()) {
    queue.persistence = persistence;
    adopt(queue);
  }
  const app = buildApp({
    logger: false,
    defaultRegion: REGION,
    stores: { sqsStore: store, snsStore, s3Store: new S3Store() },
  });
  const url = await app.listen({ host: LOOPBACK, port: 0 });
  const urlOf = (name: string): string => `${url}/${ACCOUNT}/${name}`;
  const named = (name: string): SqsQueue => {
    const queue = store.getQueueByName(name);
    if (queue === undefined) throw new Error(`There is no queue ${name}.`);
    return queue;
  };
  return {
    port: Number(new URL(url).port),
    url,
    urlOf,
    create(queues) {
      for (const model of queues) {
        const attributes = attributesOf(model);
        const there = store.getQueueByName(model.name);
        if (there === undefined) adopt(store.createQueue(model.name, model.url, model.arn, attributes));
        else there.setAttributes({ RedrivePolicy: '', ...attributes });
      }
    },
    depth(name) {
      const { ready, delayed, inflight } = named(name).inspectMessages();
      return { visible: ready.length, delayed: delayed.length, inFlight: inflight.length };
    },
    wake: (name) => named(name).cancelWaiters(),
    async close() {
      await app.close();
      persistence.close();
    },
  };
}

/** Gives a queue what the emulator lacks. */
function adopt(queue: SqsQueue): void {
  // Whoever held these is dead. Waiting for their deadlines (12 minutes for a task) would only keep a laptop waiting.
  for (const { message } of queue.inflightMessages.values()) queue.messages.push(message);
  queue.inflightMessages.clear();
  // A message that comes over from another queue starts to count anew, as in SQS: otherwise the first receive from a
  // dead-letter queue with a redrive of its own would drop it into the next one.
  const enqueue = queue.enqueue.bind(queue);
  queue.enqueue = (message) => enqueue(Object.assign(message, { approximateReceiveCount: 0 }));
}

function attributesOf(queue: QueueModel): Record<string, string> {
  return {
    VisibilityTimeout: String(queue.visibilitySeconds),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    MaximumMessageSize: String(queue.maximumBytes),
    ...(queue.redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(queue.redrive) }),
  };
}
