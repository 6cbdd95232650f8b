import type { Quota } from '../../domain/cloud.ts';

/** Rate limits that Azure documents, by service. */
const quotas: Readonly<Record<string, Quota>> = {
  /** 15 queries in 5 seconds. @see https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
  resourcegraph: { burst: 15, perSecond: 3 },
};

export const quotaOf = (service: string): Quota | undefined => quotas[service];
