import type { SampleAccount } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import { Random } from '../random.ts';
import type { Pageable } from '../services/operation.ts';
import { type Kind, type Made, randomFor } from './kind.ts';

type ChangeKnob = Knobs['change'][number];

/**
 * What a region of an account holds of a kind, at the knobs as they stand. Only what is asked for is made, so that a
 * page of a list of a hundred thousand costs a page.
 */
export class Listing<T> {
  readonly #account: SampleAccount;
  readonly #kind: Kind<T>;
  readonly #region: string;
  readonly #changes: readonly ChangeKnob[];
  readonly #phase: number;
  /** Indexes that were taken out, ascending. */
  readonly #gone: readonly number[];
  /** Indexes there would be without those. */
  readonly #indexes: number;

  constructor(account: SampleAccount, kind: Kind<T>, region: string, knobs: Knobs) {
    this.#account = account;
    this.#kind = kind;
    this.#region = region;
    const shown = kind.global ? 'global' : region;
    const mine = <K extends { type?: string | undefined; region?: string | undefined }>(list: readonly K[]): K[] =>
      list.filter((one) => (one.type ?? kind.name) === kind.name && (one.region ?? shown) === shown);
    const { growing, fixed } = kind.count(region);
    const more = mine(knobs.add).reduce((n, one) => n + one.count, 0);
    this.#indexes = fixed + Math.round(growing * knobs.size * account.scale) + more;
    const gone = new Set(mine(knobs.drop).map((one) => one.index));
    this.#gone = [...gone].filter((index) => index < this.#indexes).sort((a, b) => a - b);
    this.#changes = mine(knobs.change);
    this.#phase = new Random(`${account.seed}/change/${kind.name}/${region}`).next();
  }

  get length(): number {
    return this.#indexes - this.#gone.length;
  }

  /** Items by their place, as of an array. */
  slice(from: number, to: number): T[] {
    const count = Math.max(0, Math.min(to, this.length) - from);
    return Array.from({ length: count }, (_, n) => this.#make(this.#indexAt(from + n)).item);
  }

  /** Of so many groups that the items are dealt out to in turn, what one holds. */
  dealt(groups: number, group: number): Pageable<T> {
    const here = this.#gone.filter((index) => index % groups === group).map((index) => (index - group) / groups);
    const length = Math.max(0, Math.ceil((this.#indexes - group) / groups)) - here.length;
    return {
      length,
      slice: (from, to) =>
        Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_, n) => {
          const place = indexAt(from + n, here);
          return this.#make(place * groups + group).item;
        }),
    };
  }

  /** The item that was made with that index, whatever was taken out before it. */
  withIndex(index: number): T | undefined {
    const isThere = index >= 0 && index < this.#indexes && !this.#gone.includes(index);
    return isThere ? this.#make(index).item : undefined;
  }

  /** How many items stand before that index. */
  before(index: number): number {
    return Math.min(index, this.#indexes) - this.#gone.filter((one) => one < index).length;
  }

  *made(): Generator<Made<T>> {
    for (let place = 0; place < this.length; place += 1) yield this.#make(this.#indexAt(place));
  }

  #indexAt(place: number): number {
    return indexAt(place, this.#gone);
  }

  #make(index: number): Made<T> {
    const { name } = this.#kind;
    const random = randomFor(this.#account, name, this.#region, index);
    const made = this.#kind.make({ account: this.#account, region: this.#region, index, random });
    const turn = this.#changes.findLast((change) => this.#isChanged(change, index))?.turn ?? 1;
    const changed = this.#changes.some((change) => this.#isChanged(change, index));
    return changed ? { ...made, item: this.#kind.alter(made.item, turn) } : made;
  }

  #isChanged({ index: only, count, share }: ChangeKnob, index: number): boolean {
    if (only !== undefined && index !== only) return false;
    if (count !== undefined && index >= count) return false;
    if (share === undefined) return true;
    // Spread evenly, each list from another place on, so that a share of many short lists is that share in all.
    return Math.floor((index + 1) * share + this.#phase) > Math.floor(index * share + this.#phase);
  }
}

/** The index at a place of a list from which some are gone; those ascend. */
function indexAt(place: number, gone: readonly number[]): number {
  let index = place;
  for (const one of gone) if (one <= index) index += 1;
  return index;
}
