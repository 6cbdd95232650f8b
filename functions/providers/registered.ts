import type { CollectorFacts } from '../domain/cloud.ts';
import { awsFacts } from './aws/facts.ts';
import type { CloudFacts } from './contract.ts';

/** REGISTRY: one line per cloud. The rest of a cloud is loaded by its own entries, so that a bundle holds one SDK. */
export const clouds = {
  aws: awsFacts,
} as const satisfies Record<string, CloudFacts>;

export type CloudName = keyof typeof clouds;

/** A cloud's collectors by its name as it is stored; none for a cloud that this deployment does not know. */
export function collectorsOf(cloud: string): readonly CollectorFacts[] {
  return Object.values(clouds).find((facts) => facts.name === cloud)?.collectors ?? [];
}
