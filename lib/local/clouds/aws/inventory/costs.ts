import type { SampleAccount } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import { Random } from '../random.ts';

/** One line of the bill of one day. */
export interface Charge {
  readonly day: string;
  readonly account: string;
  readonly service: string;
  /** `NoRegion` for what is nowhere. */
  readonly region: string;
  readonly type: 'Usage' | 'Tax' | 'Credit' | 'Refund';
  /** In 10^-10 dollars: Cost Explorer gives ten digits. */
  readonly amount: bigint;
}

/** A member of the main account's organisation: the payer sees its costs, unless it says whose it wants. */
export const MEMBER_ACCOUNT = '444455556666';

const DOLLAR = 10n ** 10n;
const DAY_MS = 24 * 3_600_000;

/** What a service costs in a region on a usual day, in dollars, at the main account's size. */
const USUAL: readonly (readonly [string, string, number])[] = [
  ['Amazon Elastic Compute Cloud - Compute', 'us-east-1', 41],
  ['Amazon Elastic Compute Cloud - Compute', 'eu-west-1', 17],
  ['Amazon Elastic Compute Cloud - Compute', 'ap-southeast-2', 6],
  ['EC2 - Other', 'us-east-1', 9],
  ['EC2 - Other', 'eu-west-1', 4],
  ['Amazon Relational Database Service', 'us-east-1', 22],
  ['Amazon Relational Database Service', 'eu-west-1', 11],
  ['Amazon Simple Storage Service', 'us-east-1', 5],
  ['Amazon Simple Storage Service', 'eu-central-1', 2],
  ['AWS Lambda', 'us-east-1', 1],
  ['Amazon DynamoDB', 'us-east-1', 3],
  ['Amazon CloudFront', 'global', 2],
  ['AWS Cost Explorer', 'us-east-1', 0],
  ['Tax', 'NoRegion', 12],
];

/** All lines of a day, of the account and of those that it pays for. */
export function chargesOf(account: SampleAccount, day: string, knobs: Knobs, now: number): readonly Charge[] {
  const own = linesOf(account.accountId, `${account.seed}`, account.scale, day, knobs, now);
  return account.seed === 1 ? [...own, ...linesOf(MEMBER_ACCOUNT, 'member', 0.5, day, knobs, now)] : own;
}

function linesOf(
  account: string,
  seed: string,
  scale: number,
  day: string,
  knobs: Knobs,
  now: number,
): readonly Charge[] {
  const at = Date.parse(day);
  const ago = Math.floor(now / DAY_MS) - Math.floor(at / DAY_MS);
  if (ago < 0) return [];
  const weekend = [0, 6].includes(new Date(at).getUTCDay()) ? 0.7 : 1;
  const factor = knobs.costs.restate.find(({ daysAgo }) => daysAgo === ago)?.factor ?? 1;
  const lines = USUAL.flatMap(([service, region, dollars]): Charge[] => {
    const random = new Random(`costs ${seed} ${day} ${service} ${region}`);
    const isTax = service === 'Tax';
    // Taxes are charged once a month.
    if (isTax && !day.endsWith('-01')) return [];
    const share = (0.8 + 0.4 * random.next()) * weekend * scale * factor;
    // Of the last digits, too: a float would lose them.
    const amount = BigInt(Math.round(dollars * share * 1e6)) * 10_000n + BigInt(random.below(10_000));
    return [{ day, account, service, region, type: isTax ? 'Tax' : 'Usage', amount }];
  });
  const compute = { day, account, service: 'Amazon Elastic Compute Cloud - Compute', region: 'us-east-1' } as const;
  const credit =
    new Date(at).getUTCDate() % 3 === 0 ? [{ ...compute, type: 'Credit' as const, amount: -5n * DOLLAR - 1n }] : [];
  const refund = day.endsWith('-15') ? [{ ...compute, type: 'Refund' as const, amount: -(DOLLAR * 60n) }] : [];
  return [...lines, ...credit, ...refund];
}

/** As Cost Explorer writes it. */
export function amountText(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(11, '0');
  const part = digits.slice(-10).replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -10)}${part === '' ? '' : `.${part}`}`;
}
