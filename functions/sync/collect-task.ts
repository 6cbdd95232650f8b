import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { secretReader } from '../adapters/secrets-manager.ts';
import { taskQueues } from '../adapters/sqs-queues.ts';
import { collectTask } from '../domain/collect.ts';
import { UnreadableCredentialsError } from '../domain/errors.ts';
import { taskMessageSchema } from '../domain/messages.ts';
import type { CollectingCloud } from '../providers/contract.ts';
import type { Secret } from '../runtime/secret.ts';
import { setting } from '../runtime/settings.ts';
import { queueHandler } from './queue-handler.ts';
import { stages } from './stages.ts';

/** What a provider's row says of its account. */
interface Stored {
  readonly secret: string;
  readonly account: string;
}

/** The collect Lambda of one cloud. Credentials are read anew for each task and forgotten with it. */
export function collectHandler<C>(cloud: CollectingCloud<C>) {
  return queueHandler(
    stages.collectTask,
    taskMessageSchema,
    { table, secrets: secretReader, tasks: taskQueues, events: eventBus },
    async ({ message, worker, deadline }, ports) => {
      const opened =
        <S>(open: (credentials: Secret<C>, account: string) => S) =>
        async ({ secret, account }: Stored): Promise<Awaited<S> | undefined> => {
          const text = await ports.secrets.read(secret);
          return text === undefined ? undefined : await open(decode(cloud, text), account);
        };
      const { collectors, costs: facts } = cloud.facts;
      const { apiShare: share, costBudget: budget } = setting('clouds');
      const open = opened((credentials, account) => cloud.open(credentials, account));
      const openCosts = opened((credentials, account) => cloud.openCosts?.(credentials, account));
      const costs = facts === undefined ? undefined : { facts, budget, open: openCosts };
      await collectTask({ ...ports, open, collectors, share, costs }, message, worker, deadline);
    },
  );
}

function decode<C>(cloud: CollectingCloud<C>, text: Secret<string>): Secret<C> {
  try {
    return cloud.decode(text);
  } catch {
    // The cause may quote the text: it goes no further.
    throw new UnreadableCredentialsError('The stored credentials cannot be read.');
  }
}
