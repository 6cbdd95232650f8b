import { type Cluster, openCluster } from '../../../functions/providers/kubernetes/clients.ts';
import { loadCollector } from '../../../functions/providers/kubernetes/collectors/load.ts';
import { classify } from '../../../functions/providers/kubernetes/outcomes.ts';
import { connecting } from '../../../functions/providers/kubernetes/prove.ts';
import { collecting } from '../../../functions/providers/kubernetes/session.ts';
import { startSampleKubernetes } from '../../../lib/local/clouds/kubernetes/sample-kubernetes.ts';
import { type BenchCloud, connected, keeper, opened } from './bench-cloud.ts';

const LIMITS = { connect: 3000, headers: 10_000, silence: 5000, request: 20_000 } as const;

export const kubernetes: BenchCloud = {
  name: 'kubernetes',
  start: () => startSampleKubernetes(),
  open: (sample) => opened(sample, connecting, collecting),
  async openKept(sample) {
    const { credentials } = await connected(sample, connecting);
    const cluster = openCluster(credentials, LIMITS);
    const kept = keeper<unknown>();
    const keeping: Cluster = {
      ...cluster,
      call: (one) => kept(JSON.stringify([one.path, one.query]), () => cluster.call(one)),
    };
    return {
      collector: async (name) => loadCollector(name).bind(keeping),
      classify,
      quota: () => undefined,
      close: () => cluster.close(),
    };
  },
  // A chain for each kind, in pages of the size that kubectl and controllers ask for.
  // https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
  lists: ({ types }, held) =>
    types.map((type) => ({ shape: { page: 500 }, held: held[type]?.length ?? 0, bucket: 'kubernetes' })),
  isBesides: ({ operation }) => ['version', 'selfsubjectreviews', 'kube-system', 'discovery'].includes(operation),
  // It documents no rate; the project asks a server for one list at a time.
  rates: {},
  atATime: 1,
};
