import type { Quota } from '../../domain/cloud.ts';

/**
 * Kubernetes documents no rate: an API server queues by priority and says 429 when it is busy. Instead it is asked for
 * one list at a time. @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
export const AT_A_TIME = 1;
export const quotaOf = (_service: string): Quota | undefined => undefined;
