import type { KubernetesCollector } from '../collector.ts';
import { collectors as cluster } from './cluster.ts';
import { collectors as configuration } from './configuration.ts';
import { collectors as identity } from './identity.ts';
import { collectors as jobs } from './jobs.ts';
import { collectors as network } from './network.ts';
import { collectors as policy } from './policy.ts';
import { collectors as storage } from './storage.ts';
import { collectors as workloads } from './workloads.ts';

/** All of them: they share one client, so that loading one by one would spare nothing. */
const all: readonly KubernetesCollector[] = [
  ...cluster,
  ...configuration,
  ...identity,
  ...jobs,
  ...network,
  ...policy,
  ...storage,
  ...workloads,
];

/** @throws when there is no such collector. */
export function loadCollector(name: string): KubernetesCollector {
  const found = all.find(({ facts }) => facts.name === name);
  if (found === undefined) throw new TypeError('That is no name of a collector.');
  return found;
}
