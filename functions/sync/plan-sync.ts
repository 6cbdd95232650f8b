import { table } from '../adapters/dynamodb-table.ts';
import { eventBus } from '../adapters/event-bus.ts';
import { secretReader } from '../adapters/secrets-manager.ts';
import { taskQueues } from '../adapters/sqs-queues.ts';
import type { CollectorFacts, Scopes } from '../domain/cloud.ts';
import { syncRequestSchema } from '../domain/messages.ts';
import { planSync } from '../domain/plan.ts';
import { scopesOf } from '../providers/planning.ts';
import { collectorsOf } from '../providers/registered.ts';
import type { Secret } from '../runtime/secret.ts';
import { queueHandler } from './queue-handler.ts';
import { stages } from './stages.ts';

/** The clouds that are planned for. */
export interface PlannedClouds {
  collectors(cloud: string): readonly CollectorFacts[];
  /** Never throws for what a cloud says. */
  scopes(cloud: string, secret: () => Promise<Secret<string> | undefined>): Promise<Scopes>;
}

/** The plan Lambda over these clouds. */
export const planHandler = (clouds: PlannedClouds) =>
  queueHandler(
    stages.planSync,
    syncRequestSchema,
    { table, secrets: secretReader, tasks: taskQueues, events: eventBus },
    async ({ message }, ports) => {
      const scopes = (provider: { readonly cloud: string; readonly secret: string }): Promise<Scopes> =>
        clouds.scopes(provider.cloud, () => ports.secrets.read(provider.secret));
      await planSync({ ...ports, collectors: clouds.collectors, scopes }, message);
    },
  );

/** The sync Lambda: turns a request into a job, its tasks and their messages. */
export const handler = planHandler({ collectors: collectorsOf, scopes: scopesOf });
