import type { Quota } from '../../domain/cloud.ts';

/**
 * Rate limits that AWS documents, by service, for one account in one region. What is not here is not documented for
 * the calls that are made, and is only slowed down when it throttles.
 */
const quotas: Readonly<Record<string, Quota>> = {
  /** Describe calls with a page size. @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
  ec2: { burst: 100, perSecond: 20 },
  /** Control plane. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  lambda: { burst: 15, perSecond: 15 },
};

export const quotaOf = (service: string): Quota | undefined => quotas[service];
