import type { Quota } from '../../domain/cloud.ts';

/**
 * `ListAssets` calls: 100 a minute and project, counted over a minute. So little may come at once, for what does comes on
 * top of the minute's.
 * @see https://cloud.google.com/asset-inventory/docs/quota
 */
const quotas: Readonly<Record<string, Quota>> = { cloudasset: { burst: 10, perSecond: 100 / 60 } };

export const quotaOf = (service: string): Quota | undefined => quotas[service];
