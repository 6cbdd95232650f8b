import type { CloudSession } from '../../domain/cloud.ts';
import type { Secret } from '../../runtime/secret.ts';
import type { CollectingCloud } from '../contract.ts';
import { openCluster } from './clients.ts';
import { loadCollector } from './collectors/load.ts';
import { decode, type KubernetesCredentials } from './credentials.ts';
import { kubernetesFacts } from './facts.ts';
import { classify } from './outcomes.ts';
import { AT_A_TIME, quotaOf } from './quotas.ts';

/** Calls are made once: the engine makes them again. A large list takes an API server seconds. */
const COLLECT = { connect: 3000, headers: 10_000, silence: 5000, request: 20_000 } as const;

/** Opens a cluster for one invocation. */
export function open(credentials: Secret<KubernetesCredentials>): CloudSession & { close(): void } {
  const cluster = openCluster(credentials, COLLECT);
  return {
    collector: async (name) => loadCollector(name).bind(cluster),
    classify,
    quota: quotaOf,
    atATime: AT_A_TIME,
    close: () => cluster.close(),
  };
}

/** Kubernetes as collect needs it. */
export const collecting: CollectingCloud<KubernetesCredentials> = { facts: kubernetesFacts, decode, open };
