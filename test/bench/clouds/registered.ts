import { azure } from './azure.ts';
import type { BenchCloud } from './bench-cloud.ts';
import { gcp } from './gcp.ts';
import { kubernetes } from './kubernetes.ts';

/** REGISTRY: the clouds whose accounts have one scope; AWS, with its many, has lists and measures of its own. */
export const otherClouds: readonly BenchCloud[] = [gcp, azure, kubernetes];
