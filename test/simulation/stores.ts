import { stages } from '../../functions/sync/stages.ts';
import { QueueStore } from './memory/queue-store.ts';
import { SecretStore } from './memory/secret-store.ts';
import { TableStore } from './memory/table-store.ts';
import type { Stores } from './ports.ts';
import type { Image } from './world-options.ts';

/** As `lib/queues.ts` has them: deliveries before the redrive, and timeouts that a message stays hidden. */
const MOST_RECEIVES = 5;
const TIMEOUTS_INVISIBLE = 6;

/** Empty stores, or those of an image. @param epoch makes the names of messages differ from an earlier world's. */
export function storesOf(epoch: number, image: Image | undefined, table: TableStore | undefined): Stores {
  const queue = (name: string, visibilitySeconds: number, to?: QueueStore): QueueStore =>
    new QueueStore({
      name: `${name}.${epoch}`,
      visibilitySeconds,
      ...(to === undefined ? {} : { redrive: { to, after: MOST_RECEIVES } }),
    });
  // Nobody reads it; SQS's own default.
  const deadLetters = queue('dead-letters', 30);
  const failedTasks = queue('failed-tasks', stages.failTask.timeoutSeconds * TIMEOUTS_INVISIBLE, deadLetters);
  return {
    table: table ?? image?.table ?? new TableStore(),
    secrets: image?.secrets ?? new SecretStore(),
    queues: {
      requests: queue('requests', stages.planSync.timeoutSeconds * TIMEOUTS_INVISIBLE, deadLetters),
      tasks: queue('tasks', stages.collectTask.timeoutSeconds * TIMEOUTS_INVISIBLE, failedTasks),
      failedTasks,
      deadLetters,
    },
    events: [...(image?.events ?? [])],
  };
}
