import * as compute from './compute.ts';
import * as data from './data.ts';
import * as identity from './identity.ts';
import type { Kind } from './kind.ts';
import * as network from './network.ts';
import * as workloads from './workloads.ts';

/** REGISTRY: every kind of resource that a sample project holds. */
export const kinds: readonly Kind[] = [
  ...Object.values(compute),
  ...Object.values(data),
  ...Object.values(identity),
  ...Object.values(network),
  ...Object.values(workloads),
];
