import type { SampleAccount } from '../accounts.ts';
import { Random } from '../random.ts';

/** What a maker knows of the item it makes. */
export interface Making {
  readonly account: SampleAccount;
  readonly region: string;
  readonly index: number;
  readonly random: Random;
}

/** One generated thing: its ARN, the inventory's type, and the item as the SDK types it. */
export interface Made<T> {
  readonly type: string;
  readonly arn: string;
  readonly item: T;
}

/** A kind of resource: how many there are in a region, and how each is made. The same seed makes the same. */
export interface Kind<T> {
  readonly name: string;
  readonly global: boolean;
  /** At size 1: items that grow with the account, and those that are always there. */
  count(region: string): { readonly growing: number; readonly fixed: number };
  make(making: Making): Made<T>;
  /** The item with one attribute changed that the inventory shows; another value for another turn (1, 2, …). */
  alter(item: T, turn: number): T;
}

/** How busy a region is: 3 the two main ones, 0 those with nothing but the defaults. */
export function business(region: string): 0 | 1 | 2 | 3 {
  if (region === 'us-east-1' || region === 'eu-west-1') return 3;
  if (region === 'us-west-2' || region === 'eu-central-1' || region === 'ap-southeast-2') return 2;
  return region === 'ap-northeast-1' || region === 'ca-central-1' ? 1 : 0;
}

/** Items by how busy the region is. */
export const byBusiness = (counts: readonly [number, number, number, number]) => (region: string) => ({
  growing: counts[business(region)],
  fixed: 0,
});

export const randomFor = (account: SampleAccount, kind: string, region: string, index: number): Random =>
  new Random(`${account.seed}/${kind}/${region}/${index}`);

const WORDS = ['web', 'api', 'worker', 'batch', 'login', 'billing', 'search', 'größe', 'データ', 'rocket-🚀'] as const;

/** Tags as real accounts have them: mostly some, sometimes none, an empty value or a very long one. */
export function tagsFor(random: Random, name: string | undefined): { Key: string; Value: string }[] {
  if (random.chance(0.15)) return [];
  const tags = name === undefined ? [] : [{ Key: 'Name', Value: `${random.pick(...WORDS)}-${name}` }];
  if (random.chance(0.7)) tags.push({ Key: 'env', Value: random.pick('prod', 'staging', 'dev') });
  if (random.chance(0.2)) tags.push({ Key: 'owner', Value: '' });
  if (random.chance(0.05)) tags.push({ Key: 'note', Value: 'x'.repeat(256) });
  return tags;
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tags with one that says how often the resource was changed. */
export const altered = (tags: readonly Tag[] | undefined, turn: number): { Key: string; Value: string }[] => [
  ...(tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
  { Key: 'revision', Value: String(turn) },
];
