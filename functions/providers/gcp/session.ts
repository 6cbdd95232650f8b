import type { CloudSession } from '../../domain/cloud.ts';
import type { CostSource } from '../../domain/cost-source.ts';
import type { Secret } from '../../runtime/secret.ts';
import type { CollectingCloud } from '../contract.ts';
import { GoogleClient } from './clients.ts';
import { cloudAssetInventory } from './collectors/cloud-asset-inventory.ts';
import { decode, type GcpCredentials } from './credentials.ts';
import { gcpFacts } from './facts.ts';
import { classify } from './outcomes.ts';
import { quotaOf } from './quotas.ts';

/** A page holds up to 1,000 assets with all that their APIs know of them. Collectors' calls are made once. */
const COLLECT = { connect: 2000, request: 30_000, bytes: 64_000_000 } as const;

/** Opens a project for one invocation. */
export function open(credentials: Secret<GcpCredentials>, account: string): CloudSession & { close(): void } {
  const client = new GoogleClient(credentials, COLLECT);
  const collectors = new Map([cloudAssetInventory(client, account)].map((one) => [one.name, one]));
  return {
    async collector(name, scope) {
      const collector = collectors.get(name);
      if (collector === undefined || scope !== collector.scope)
        throw new TypeError('That is no collector of this cloud.');
      return collector;
    },
    classify,
    quota: quotaOf,
    close: () => client.close(),
  };
}

/** Opens the billing export; BigQuery's library is loaded only then. */
async function openCosts(credentials: Secret<GcpCredentials>, account: string): Promise<CostSource> {
  const { costs } = await import('./costs.ts');
  return costs(credentials, account);
}

/** GCP as collect needs it. */
export const collecting: CollectingCloud<GcpCredentials> = { facts: gcpFacts, decode, open, openCosts };
