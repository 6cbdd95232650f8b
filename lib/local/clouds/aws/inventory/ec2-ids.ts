import { type Making, randomFor } from './kind.ts';

type Where = Pick<Making, 'account' | 'region'>;

export const arn = ({ account, region }: Where, what: string): string =>
  `arn:aws:ec2:${region}:${account.accountId}:${what}`;

/**
 * The id of the item at that index of the region's list of what bears that prefix. Ids follow from the place alone, so
 * that one item can name another. Their end is the index, scattered by a factor that meets every number of 32 bits once:
 * of a million random ids some would be equal.
 */
export const idOf = ({ account, region }: Where, prefix: string, index: number): string => {
  const scattered = Math.imul(index, 0x9e3779b1) >>> 0;
  return `${prefix}-${randomFor(account, prefix, region, index).hex(9)}${scattered.toString(16).padStart(8, '0')}`;
};
