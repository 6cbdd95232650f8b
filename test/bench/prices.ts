import { stages } from '../../functions/sync/stages.ts';
import type { Meters } from './rig/meters.ts';

/**
 * List prices in us-east-1 without free tiers, as they stood in March 2026. US dollars.
 * @see https://aws.amazon.com/lambda/pricing/ (arm64, first tier)
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/sqs/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 * @see https://aws.amazon.com/kms/pricing/
 * @see https://aws.amazon.com/eventbridge/pricing/
 */
export const PRICES = {
  lambdaGbSecond: 0.000_013_333_4,
  lambdaRequest: 0.2 / 1e6,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** A fair queue: a message group on a standard queue costs 0.10 more. */
  queueRequest: 0.5 / 1e6,
  secretRead: 0.05 / 1e4,
  /** Secrets Manager opens each secret by a call of the customer-managed key. */
  keyRequest: 0.03 / 1e4,
  event: 1 / 1e6,
} as const;

/**
 * Seconds that a Lambda computes for each resource, on top of its waiting: the rate that M8 must reach, on the share of
 * a processor that it has (1,769 MB are one). @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const RESOURCES_PER_CPU_SECOND = 15_000;
const MB_PER_CPU = 1769;
const MB_PER_GB = 1024;

/** What a sync costs, by what is charged for. */
export type Cost = Readonly<
  Record<'lambda' | 'table writes' | 'table reads' | 'queues' | 'secrets' | 'events', number>
>;

export function costOf(meters: Meters, resources: number): Cost {
  const { memoryMb } = stages.collectTask;
  const computing =
    (resources / RESOURCES_PER_CPU_SECOND) * Math.max(1, MB_PER_CPU / memoryMb) * (memoryMb / MB_PER_GB);
  const waiting = meters.invocations.reduce(
    (sum, { stage, milliseconds }) => sum + (milliseconds / 1000) * (stages[stage].memoryMb / MB_PER_GB),
    0,
  );
  return {
    lambda: (computing + waiting) * PRICES.lambdaGbSecond + meters.invocations.length * PRICES.lambdaRequest,
    'table writes': meters.writeUnits * PRICES.writeUnit,
    'table reads': meters.readUnits * PRICES.readUnit,
    queues: meters.queueRequests * PRICES.queueRequest,
    secrets: meters.secretReads * (PRICES.secretRead + PRICES.keyRequest),
    events: meters.events * PRICES.event,
  };
}

export const totalOf = (cost: Cost): number => Object.values(cost).reduce((sum, one) => sum + one, 0);
