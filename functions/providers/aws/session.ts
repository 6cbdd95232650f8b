import type { CloudSession } from '../../domain/cloud.ts';
import type { CostSource } from '../../domain/cost-source.ts';
import type { Secret } from '../../runtime/secret.ts';
import type { CollectingCloud } from '../contract.ts';
import { type ClientConfig, clientConfig, makeHandler } from './clients.ts';
import { loadCollector } from './collectors/load.ts';
import { type AwsCredentials, decode } from './credentials.ts';
import { awsFacts } from './facts.ts';
import { classify } from './outcomes.ts';
import { quotaOf } from './quotas.ts';
import { GLOBAL_REGION } from './regions.ts';

/** Collectors' calls are made once: the engine makes them again, within the quota. */
const COLLECT = { connect: 2000, request: 15_000, attempts: 1 } as const;

/** Opens an account for one invocation. */
export function open(credentials: Secret<AwsCredentials>, account: string): CloudSession & { close(): void } {
  const handler = makeHandler(COLLECT);
  const clients = new Map<string, Map<unknown, unknown>>();
  const clientIn =
    (region: string) =>
    <C>(make: new (config: ClientConfig) => C): C => {
      const ofRegion = clients.get(region) ?? new Map<unknown, unknown>();
      clients.set(region, ofRegion);
      const made = ofRegion.get(make);
      if (made instanceof make) return made;
      const client = new make(clientConfig(credentials, region, handler, COLLECT.attempts));
      ofRegion.set(make, client);
      return client;
    };
  return {
    async collector(name, scope) {
      const region = scope === 'global' ? GLOBAL_REGION : scope;
      const collector = await loadCollector(name);
      return collector.bind({ client: clientIn(region), scope }, { account, region, partition: 'aws' });
    },
    classify,
    quota: quotaOf,
    close: () => handler.destroy(),
  };
}

/** Cost Explorer's client is loaded by who asks for costs. */
async function openCosts(credentials: Secret<AwsCredentials>, account: string): Promise<CostSource> {
  const costs = await import('./costs.ts');
  return costs.open(credentials, account);
}

/** AWS as collect needs it, with the SDK of every collector within reach. */
export const collecting: CollectingCloud<AwsCredentials> = { facts: awsFacts, decode, open, openCosts };
