import { bigquery } from './bigquery.ts';
import { cloudAsset } from './cloud-asset.ts';
import { computeEngine } from './compute.ts';
import { kubernetesEngine } from './container.ts';
import type { Service } from './operation.ts';
import { resourceManager } from './resource-manager.ts';
import { cloudStorage } from './storage.ts';

/** REGISTRY: every API that the sample cloud has. */
export const services: readonly Service[] = [
  resourceManager,
  cloudAsset,
  computeEngine,
  cloudStorage,
  bigquery,
  kubernetesEngine,
];
export const TOKEN_HOST = 'oauth2.googleapis.com';
