import type { CloudSession } from '../../domain/cloud.ts';
import type { Secret } from '../../runtime/secret.ts';
import type { CollectingCloud } from '../contract.ts';
import { azureClient } from './clients.ts';
import { loadCollector } from './collectors/load.ts';
import { type AzureCredentials, decode } from './credentials.ts';
import { azureFacts } from './facts.ts';
import { classify } from './outcomes.ts';
import { quotaOf } from './quotas.ts';

/** A page of a thousand rows takes seconds. */
const COLLECT = { connect: 2000, request: 20_000 } as const;

/** Opens a subscription for one invocation. */
export function open(credentials: Secret<AzureCredentials>, account: string): CloudSession & { close(): void } {
  const client = azureClient(credentials, COLLECT);
  return {
    async collector(name, scope) {
      // Everything is asked of one subscription at once, which is all that these credentials are for.
      if (scope !== 'subscription') throw new TypeError('That is no scope of Azure.');
      return (await loadCollector(name)).bind(client, account);
    },
    classify,
    quota: quotaOf,
    close: () => client.close(),
  };
}

/** Azure as collect needs it. */
export const collecting: CollectingCloud<AzureCredentials> = {
  facts: azureFacts,
  decode,
  open,
  async openCosts(credentials, account) {
    const { openCostManagement } = await import('./costs.ts');
    return openCostManagement(azureClient(credentials, COLLECT), account);
  },
};
