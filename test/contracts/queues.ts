import { describe, expect, test } from 'vitest';
import type { SyncRequest, TaskMessage } from '../../functions/domain/messages.ts';
import type { DeadLetters, MessageDelay, RequestQueue, TaskQueues } from '../../functions/domain/ports.ts';

/** A message as whoever reads the queue sees it. */
export interface Seen {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
}

/** The ports, and the other side of each queue, which only the event source knows. */
export interface QueuePorts {
  readonly requests: RequestQueue;
  readonly tasks: TaskQueues;
  readonly deadLetters: DeadLetters;
  /** Of the task queue. */
  readonly delay: MessageDelay;
  receive(queue: 'requests' | 'tasks' | 'failedTasks' | 'deadLetters', most: number): Promise<readonly Seen[]>;
  remove(queue: 'requests' | 'tasks' | 'failedTasks' | 'deadLetters', receipt: string): Promise<void>;
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>;
}

const tenant = 'a'.repeat(32);
const request = (job: number): SyncRequest => ({ v: 1, tenant, provider: 1, kind: 'inventory', job });
const task = (number: number): TaskMessage => ({
  ...request(1),
  cloud: 'aws',
  task: number,
  generation: 0,
  step: 0,
  after: 0,
  retries: 0,
  readings: [],
});

/** What every set of queues must do, the real ones and their twin. */
export function queueContract(name: string, ports: () => QueuePorts): void {
  describe(`the queue contract: ${name}`, () => {
    const drain = async (queue: Parameters<QueuePorts['receive']>[0]): Promise<Seen[]> => {
      const all: Seen[] = [];
      for (let page = await ports().receive(queue, 10); page.length > 0; page = await ports().receive(queue, 10))
        all.push(...page);
      for (const { receipt } of all) await ports().remove(queue, receipt);
      return all;
    };

    test('more messages than a batch holds are all sent', async () => {
      const messages = Array.from({ length: 23 }, (_, n) => request(n + 1));
      await ports().requests.send(messages, { fairness: tenant });
      const bodies = (await drain('requests')).map(({ body }): unknown => JSON.parse(body));
      expect(bodies).toHaveLength(23);
      expect(bodies).toEqual(expect.arrayContaining(messages));
    });

    test('a delayed message is not there before its time', async () => {
      await ports()
        .tasks.to('aws')
        .send([task(1)], { fairness: tenant, delaySeconds: 1 });
      expect(await ports().receive('tasks', 10)).toEqual([]);
      await ports().pass(1.3);
      expect(await drain('tasks')).toHaveLength(1);
    });

    test('a received message is hidden until its visibility is set back', async () => {
      await ports()
        .tasks.to('aws')
        .send([task(2)], { fairness: tenant, delaySeconds: 0 });
      const [first] = await ports().receive('tasks', 1);
      expect(await ports().receive('tasks', 1)).toEqual([]);
      await ports().delay.delay(first?.receipt ?? '', 1);
      expect(await ports().receive('tasks', 1)).toEqual([]);
      await ports().pass(1.3);
      const [again] = await ports().receive('tasks', 1);
      expect(again?.id).toBe(first?.id);
      expect(again?.body).toBe(first?.body);
      await ports().remove('tasks', again?.receipt ?? '');
    });

    test('a message that was received five times goes where the redrive leads, under its own id', async () => {
      await ports()
        .tasks.to('aws')
        .send([task(3)], { fairness: tenant });
      let id: string | undefined;
      for (let n = 0; n < 5; n += 1) {
        const [message] = await ports().receive('tasks', 1);
        expect(message).toBeDefined();
        id = message?.id;
        await ports().delay.delay(message?.receipt ?? '', 0);
      }
      expect(await ports().receive('tasks', 1)).toEqual([]);
      const failed = await drain('failedTasks');
      expect(failed.map((message) => message.id)).toEqual([id]);
    });

    test('what is parked lies in the dead letters as it was', async () => {
      await ports().deadLetters.park('{"any":"text"}', 'a reason');
      expect((await drain('deadLetters')).map(({ body }) => body)).toEqual(['{"any":"text"}']);
    });
  });
}
