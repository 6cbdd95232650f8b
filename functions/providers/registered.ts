import type { CollectorFacts } from '../domain/cloud.ts';
import type { CostFacts } from '../domain/cost-source.ts';
import type { JobKind } from '../domain/messages.ts';
import { awsFacts } from './aws/facts.ts';
import { azureFacts } from './azure/facts.ts';
import { type CloudFacts, kindsIn } from './contract.ts';
import { gcpFacts } from './gcp/facts.ts';
import { kubernetesFacts } from './kubernetes/facts.ts';

/** REGISTRY: one line per cloud. The rest of a cloud is loaded by its own entries, so that a bundle holds one SDK. */
export const clouds = {
  aws: awsFacts,
  azure: azureFacts,
  gcp: gcpFacts,
  kubernetes: kubernetesFacts,
} as const satisfies Record<string, CloudFacts>;

export type CloudName = keyof typeof clouds;

const factsOf = (cloud: string): CloudFacts | undefined => Object.values(clouds).find((facts) => facts.name === cloud);

/** A cloud's collectors by its name as it is stored; none for a cloud that this deployment does not know. */
export const collectorsOf = (cloud: string): readonly CollectorFacts[] => factsOf(cloud)?.collectors ?? [];

/** A cloud's source of costs; undefined for one that bills nobody. */
export const costsOf = (cloud: string): CostFacts | undefined => factsOf(cloud)?.costs;

/** What there is to read of a cloud. */
export const kindsOf = (cloud: string): readonly JobKind[] => kindsIn(factsOf(cloud) ?? {});
