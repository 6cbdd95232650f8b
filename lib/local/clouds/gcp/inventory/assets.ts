import type { SampleProject } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import type { Kind, Made } from './kind.ts';
import { Listing } from './listing.ts';
import { kinds } from './registered.ts';

/** What Cloud Asset Inventory lists of a resource: its kind, and what was made. */
export interface Held {
  readonly kind: Kind;
  readonly made: Made;
}

/** Full resource names are those of the API that serves the kind. */
export const fullName = ({ kind, made }: Held): string => `//${hostOf(kind)}/${made.path}`;
/** What GKE's clusters hold has the name of the cluster. */
const hostOf = ({ assetType }: Kind): string => {
  const host = assetType.split('/')[0] ?? '';
  return host.endsWith('.googleapis.com') ? host : 'container.googleapis.com';
};

/** All that a project holds, one kind after another; made as it is looked at. */
export class Assets {
  readonly #lists: readonly { readonly kind: Kind; readonly listing: Listing }[];

  constructor(project: SampleProject, knobs: Knobs, only: (kind: Kind) => boolean = () => true) {
    this.#lists = kinds.filter(only).map((kind) => ({ kind, listing: new Listing(project, kind, knobs) }));
  }

  get length(): number {
    return this.#lists.reduce((sum, { listing }) => sum + listing.length, 0);
  }

  slice(from: number, to: number): Held[] {
    const found: Held[] = [];
    let before = 0;
    for (const { kind, listing } of this.#lists) {
      const [first, end] = [Math.max(0, from - before), Math.min(listing.length, to - before)];
      if (first < end) found.push(...listing.slice(first, end).map((made) => ({ kind, made })));
      before += listing.length;
    }
    return found;
  }
}

/** By type, the external ids of everything that a project holds. */
export function heldBy(project: SampleProject, knobs: Knobs): Record<string, string[]> {
  const all = new Assets(project, knobs);
  const held: Record<string, string[]> = {};
  for (const one of all.slice(0, all.length)) {
    held[one.kind.type] ??= [];
    held[one.kind.type]?.push(fullName(one));
  }
  return held;
}
