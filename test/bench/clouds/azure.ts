import { type AzureClient, azureClient } from '../../../functions/providers/azure/clients.ts';
import { loadCollector } from '../../../functions/providers/azure/collectors/load.ts';
import { classify } from '../../../functions/providers/azure/outcomes.ts';
import { connecting } from '../../../functions/providers/azure/prove.ts';
import { collecting } from '../../../functions/providers/azure/session.ts';
import { startSampleAzure } from '../../../lib/local/clouds/azure/sample-azure.ts';
import { type BenchCloud, connected, countOf, keeper, opened } from './bench-cloud.ts';

/** What the table `resourcecontainers` has, by our names; all others are in `resources`. */
const CONTAINERS: ReadonlySet<string> = new Set(['azure_subscription', 'azure_resource_group']);

const LIMITS = { connect: 2000, request: 20_000 } as const;

export const azure: BenchCloud = {
  name: 'azure',
  start: () => startSampleAzure(),
  open: (sample) => opened(sample, connecting, collecting),
  async openKept(sample) {
    const { credentials, account } = await connected(sample, connecting);
    const client = azureClient(credentials, LIMITS);
    const kept = keeper<string>();
    const keeping: AzureClient = { ...client, call: (one) => kept(JSON.stringify(one), () => client.call(one)) };
    return {
      collector: async (name) => (await loadCollector(name)).bind(keeping, account),
      classify,
      quota: () => undefined,
      close: () => client.close(),
    };
  },
  // What may be read is asked first; then either table, https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data
  lists(_, held) {
    const all = countOf(held);
    const containers = Object.entries(held).filter(([type]) => CONTAINERS.has(type));
    const inContainers = countOf(Object.fromEntries(containers));
    return [
      { shape: { page: Number.POSITIVE_INFINITY }, held: 1, bucket: 'permissions' },
      { shape: { page: 1000 }, held: all - inContainers, bucket: 'resourcegraph' },
      { shape: { page: 1000 }, held: inContainers, bucket: 'resourcegraph' },
    ];
  },
  isBesides: ({ service, operation }) => service === 'login' || operation === 'subscriptions',
  // 15 in 5 seconds. https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
  rates: { resourcegraph: { burst: 15, perSecond: 3 } },
};
