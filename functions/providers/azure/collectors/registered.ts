export { facts as resource_graph } from './resource-graph.ts';
