export { facts as cluster } from './cluster.ts';
export { facts as configuration } from './configuration.ts';
export { facts as identity } from './identity.ts';
export { facts as jobs } from './jobs.ts';
export { facts as network } from './network.ts';
export { facts as policy } from './policy.ts';
export { facts as storage } from './storage.ts';
export { facts as workloads } from './workloads.ts';
