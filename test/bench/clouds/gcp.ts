import { GoogleClient } from '../../../functions/providers/gcp/clients.ts';
import { cloudAssetInventory } from '../../../functions/providers/gcp/collectors/cloud-asset-inventory.ts';
import { classify } from '../../../functions/providers/gcp/outcomes.ts';
import { connecting } from '../../../functions/providers/gcp/prove.ts';
import { collecting } from '../../../functions/providers/gcp/session.ts';
import { startSampleGcp } from '../../../lib/local/clouds/gcp/sample-gcp.ts';
import { type BenchCloud, connected, countOf, keeper, opened } from './bench-cloud.ts';

const LIMITS = { connect: 2000, request: 30_000, bytes: 100_000_000 } as const;

class KeptClient extends GoogleClient {
  readonly #kept = keeper<unknown>();

  override json(method: 'GET' | 'POST', url: URL, body?: unknown): Promise<unknown> {
    return this.#kept(`${method} ${url.href}`, () => super.json(method, url, body));
  }
}

export const gcp: BenchCloud = {
  name: 'gcp',
  start: () => startSampleGcp(),
  open: (sample) => opened(sample, connecting, collecting),
  async openKept(sample) {
    const { credentials, account } = await connected(sample, connecting);
    const client = new KeptClient(credentials, LIMITS);
    return {
      collector: async () => cloudAssetInventory(client, account),
      classify,
      quota: () => undefined,
      close: () => client.close(),
    };
  },
  // One chain over all types. https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list
  lists: (_, held) => [{ shape: { page: 1000 }, held: countOf(held), bucket: 'cloudasset' }],
  isBesides: ({ service }) => service !== 'cloudasset',
  // 100 a minute and project, taken as a steady rate with a tenth of a minute's at once, so that a share of it holds in
  // every minute. https://cloud.google.com/asset-inventory/docs/quota
  rates: { cloudasset: { burst: 10, perSecond: 100 / 60 } },
};
