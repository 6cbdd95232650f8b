import { Random } from '../../aws/random.ts';
import type { SampleCluster } from '../clusters.ts';
import type { Knobs } from '../knobs.ts';
import { cluster } from './cluster.ts';
import { type Kind, makeObject, type SampleObject } from './kind.ts';
import { network } from './network.ts';
import { storage } from './storage.ts';
import { workloads } from './workloads.ts';

export const KINDS: readonly Kind[] = [...workloads, ...network, ...storage, ...cluster];

/** What a cluster holds of a kind at the knobs as they stand; only what is asked for is made. */
export class Listing {
  readonly length: number;
  readonly #cluster: SampleCluster;
  readonly #kind: Kind;
  readonly #changes: Knobs['change'];
  /** Indexes that were taken out, ascending. */
  readonly #gone: readonly number[];
  readonly #phase: number;

  constructor(of: SampleCluster, kind: Kind, knobs: Knobs) {
    this.#cluster = of;
    this.#kind = kind;
    const mine = <K extends { type?: string | undefined }>(list: readonly K[]): K[] =>
      list.filter((one) => (one.type ?? kind.type) === kind.type);
    const more = mine(knobs.add).reduce((n, { count }) => n + count, 0);
    const count = (kind.fixed?.length ?? 0) + Math.round(kind.growing * knobs.size * of.scale) + more;
    const gone = new Set(mine(knobs.drop).map(({ index }) => index));
    this.#gone = [...gone].filter((index) => index < count).sort((a, b) => a - b);
    this.length = count - this.#gone.length;
    this.#changes = mine(knobs.change);
    this.#phase = new Random(`${of.seed}/change/${kind.type}`).next();
  }

  slice(from: number, to: number): SampleObject[] {
    const count = Math.max(0, Math.min(to, this.length) - from);
    return Array.from({ length: count }, (_, n) => {
      const index = this.#indexAt(from + n);
      return makeObject(this.#cluster, this.#kind, index, this.#turnOf(index));
    });
  }

  #indexAt(place: number): number {
    let index = place;
    for (const one of this.#gone) if (one <= index) index += 1;
    return index;
  }

  #turnOf(index: number): number {
    const change = this.#changes.findLast(({ index: only, count, share }) => {
      if ((only ?? index) !== index || index >= (count ?? Number.POSITIVE_INFINITY)) return false;
      // Spread evenly, so that a share of many short lists is that share in all.
      return (
        share === undefined || Math.floor((index + 1) * share + this.#phase) > Math.floor(index * share + this.#phase)
      );
    });
    return change === undefined ? 0 : (change.turn ?? 1);
  }
}
