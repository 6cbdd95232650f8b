import { Random } from '../../aws/random.ts';
import type { SampleProject } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import { alteredLabels, type Kind, type Made, randomFor } from './kind.ts';

type ChangeKnob = Knobs['change'][number];

/**
 * What a project holds of a kind, at the knobs as they stand. Only what is asked for is made, so that a page of a list of
 * a hundred thousand costs a page.
 */
export class Listing {
  readonly #project: SampleProject;
  readonly #kind: Kind;
  readonly #changes: readonly ChangeKnob[];
  readonly #phase: number;
  /** Indexes that were taken out, ascending. */
  readonly #gone: readonly number[];
  /** Indexes there would be without those. */
  readonly #indexes: number;

  constructor(project: SampleProject, kind: Kind, knobs: Knobs) {
    this.#project = project;
    this.#kind = kind;
    const mine = <K extends { type?: string | undefined }>(list: readonly K[]): K[] =>
      list.filter(({ type }) => type === undefined || (type === kind.type && kind.variant !== true));
    const more = mine(knobs.add).reduce((n, one) => n + one.count, 0);
    this.#indexes = (kind.fixed ?? 0) + Math.round(kind.growing * knobs.size * project.scale) + more;
    const gone = new Set(mine(knobs.drop).map((one) => one.index));
    this.#gone = [...gone].filter((index) => index < this.#indexes).sort((a, b) => a - b);
    this.#changes = mine(knobs.change);
    this.#phase = new Random(`gcp/${project.seed}/change/${kind.assetType}`).next();
  }

  get length(): number {
    return this.#indexes - this.#gone.length;
  }

  /** By their place, as of an array. */
  slice(from: number, to: number): Made[] {
    const count = Math.max(0, Math.min(to, this.length) - from);
    return Array.from({ length: count }, (_, n) => this.#make(this.#indexAt(from + n)));
  }

  #indexAt(place: number): number {
    let index = place;
    for (const gone of this.#gone) if (gone <= index) index += 1;
    return index;
  }

  #make(index: number): Made {
    const made = this.#kind.make({
      project: this.#project,
      index,
      random: randomFor(this.#project, this.#kind, index),
    });
    const change = this.#changes.findLast((one) => this.#isChanged(one, index));
    if (change === undefined) return made;
    return { ...made, data: (this.#kind.alter ?? alteredLabels)(made.data, change.turn ?? 1) };
  }

  #isChanged({ index: only, count, share }: ChangeKnob, index: number): boolean {
    if (only !== undefined && index !== only) return false;
    if (count !== undefined && index >= count) return false;
    if (share === undefined) return true;
    // Spread evenly, each list from another place on, so that a share of many short lists is that share in all.
    return Math.floor((index + 1) * share + this.#phase) > Math.floor(index * share + this.#phase);
  }
}
