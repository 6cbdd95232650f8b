import { Random } from '../../aws/random.ts';
import type { SamplePrincipal } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds.ts';
import { isType } from './names.ts';

/** A row of Resource Graph, whatever its columns. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** A table of Resource Graph, by id. Rows are made when they are asked for: there may be a million. */
export interface Table {
  readonly length: number;
  /** The type of the row at that place, which is there. */
  typeAt(n: number): string;
  rowAt(n: number): Row;
}

/** A resource's place in its group: every group that is not empty has the same. */
interface Slot {
  readonly kind: Kind;
  readonly n: number;
  readonly name: string;
  /** Its id behind that of its group. */
  readonly path: string;
  /** Its place among those of its kind in the group, by id. */
  readonly nth: number;
}
/** A slot in one group. */
interface Spot extends Slot {
  readonly group: string;
  /** Its place in the list of its type, by id. */
  readonly index: number;
}

const LOCATIONS = ['westeurope', 'northeurope', 'germanywestcentral', 'eastus'] as const;
/** Resource groups of the main subscription; every eleventh is empty. */
const GROUPS = 10;
const ADDED_GROUP = 'rg-zz-added';
export const GROUP_TYPE = 'Microsoft.Resources/subscriptions/resourceGroups';
export const SUBSCRIPTION_TYPE = 'Microsoft.Resources/subscriptions';

const padded = (_: string, n: string): string => `-${n.padStart(4, '0')}`;
const byText = (x: string, y: string): number => (x < y ? -1 : Number(x > y));

/** What a group holds, by id. @param countOf how many of a kind. */
function slotsOf(countOf: (kind: Kind) => number): readonly Slot[] {
  const slots = KINDS.flatMap((kind) =>
    Array.from({ length: countOf(kind) }, (_, n) => {
      const name = `${kind.prefix}${padded('', String(n))}`;
      return { kind, n, name, path: pathOf(kind, name, n), nth: 0 };
    }),
  ).sort((a, b) => byText(a.path.toLowerCase(), b.path.toLowerCase()));
  const met = new Map<Kind, number>();
  return slots.map((slot) => {
    const nth = met.get(slot.kind) ?? 0;
    met.set(slot.kind, nth + 1);
    return { ...slot, nth };
  });
}

function pathOf({ type, parent }: Kind, name: string, n: number): string {
  const [namespace = '', ...types] = type.split('/');
  const names = parent === undefined ? [name] : [`${parent}${padded('', String(n))}`, name];
  return `/providers/${namespace}/${types.map((one, level) => `${one}/${names[level] ?? ''}`).join('/')}`;
}

/** What every group has that is not empty. */
const USUAL = slotsOf(({ perGroup }) => perGroup);

/** What a subscription holds, at the knobs as they stand. */
export class Inventory {
  readonly #principal: SamplePrincipal;
  readonly #knobs: Knobs;
  /** By name, which is by id. */
  readonly #groups: readonly string[];
  readonly #full: readonly string[];
  /** What knobs add is in a group of its own, the last. */
  readonly #added: readonly Slot[];
  /** Places that the knobs leave empty, in ascending order. */
  readonly #gone: readonly number[];

  constructor(principal: SamplePrincipal, knobs: Knobs) {
    this.#principal = principal;
    this.#knobs = knobs;
    const addedOf = (type: string): number =>
      knobs.add.reduce((sum, knob) => sum + (isType(knob.type, type) ? knob.count : 0), 0);
    this.#added = slotsOf(({ type }) => addedOf(type));
    const own = Array.from({ length: Math.max(1, Math.round(GROUPS * principal.scale * knobs.size)) }, (_, n) => n);
    const full = own.filter((n) => n % 11 !== 10).map(nameOfGroup);
    const empty = Array.from({ length: addedOf(GROUP_TYPE) }, (_, n) => `rg-yy-${String(n).padStart(6, '0')}`);
    const all = [...own.map(nameOfGroup), ...empty, ...(this.#added.length === 0 ? [] : [ADDED_GROUP])];
    const dropped = new Set(knobs.drop.flatMap(({ type, index }) => (isType(type, GROUP_TYPE) ? [all[index]] : [])));
    this.#groups = all.filter((group) => !dropped.has(group));
    this.#full = full.filter((group) => !dropped.has(group));
    this.#gone = knobs.drop.flatMap(({ type, index }) => this.#placeOf(type, index)).sort((a, b) => a - b);
  }

  get resources(): Table {
    const all = this.#full.length * USUAL.length + this.#added.length;
    return {
      length: all - this.#gone.length,
      typeAt: (n) => this.#slotAt(this.#present(n)).kind.type,
      rowAt: (n) => this.#resource(this.#spotAt(this.#present(n))),
    };
  }

  get containers(): Table {
    return {
      length: 1 + this.#groups.length,
      typeAt: (n) => (n === 0 ? SUBSCRIPTION_TYPE : GROUP_TYPE),
      rowAt: (n) => (n === 0 ? this.#subscription() : this.#group(this.#groups[n - 1] ?? '', n - 1)),
    };
  }

  /** Where the resource with that place in the list of its type is among all. */
  #placeOf(type: string, index: number): number[] {
    const kind = KINDS.find((one) => isType(type, one.type));
    if (kind === undefined) return [];
    const [group, nth] = [Math.floor(index / kind.perGroup), index % kind.perGroup];
    const usual = USUAL.findIndex((slot) => slot.kind === kind && slot.nth === nth);
    if (group < this.#full.length) return [group * USUAL.length + usual];
    const later = index - this.#full.length * kind.perGroup;
    const added = this.#added.findIndex((slot) => slot.kind === kind && slot.nth === later);
    return added < 0 ? [] : [this.#full.length * USUAL.length + added];
  }

  /** The place of the n-th that is not gone. */
  #present(n: number): number {
    let place = n;
    for (const gone of this.#gone) if (gone <= place) place += 1;
    return place;
  }

  #slotAt(place: number): Slot {
    const usual = place < this.#full.length * USUAL.length;
    const slot = usual ? USUAL[place % USUAL.length] : this.#added[place - this.#full.length * USUAL.length];
    if (slot === undefined) throw new RangeError('There is no such row.');
    return slot;
  }

  #spotAt(place: number): Spot {
    const slot = this.#slotAt(place);
    const ordinal = Math.min(this.#full.length, Math.floor(place / USUAL.length));
    const group = this.#full[ordinal] ?? ADDED_GROUP;
    return { ...slot, group, index: ordinal * slot.kind.perGroup + slot.nth };
  }

  #groupId(group: string): string {
    return `/subscriptions/${this.#principal.subscriptionId}/resourceGroups/${group}`;
  }

  #resource({ kind, group, n, name, path, index }: Spot): Row {
    const id = `${this.#groupId(group)}${path}`;
    const random = new Random(`${this.#principal.seed}/${id}`);
    const made = kind.make({
      random,
      subscription: this.#principal.subscriptionId,
      group,
      n,
      id: (type, other) => `${this.#groupId(group)}/providers/${type}/${other.replace(/-(\d+)/, padded)}`,
    });
    return this.#row(id, name, kind.type, index, {
      location: random.pick(...LOCATIONS),
      ...made,
      tags: random.chance(0.2) ? null : { environment: random.pick('prod', 'test'), owner: `team-${random.below(9)}` },
    });
  }

  #group(group: string, n: number): Row {
    const random = new Random(`${this.#principal.seed}/${group}`);
    return this.#row(this.#groupId(group), group, GROUP_TYPE, n, {
      location: random.pick(...LOCATIONS),
      tags: { environment: 'prod' },
      properties: { provisioningState: 'Succeeded' },
    });
  }

  #subscription(): Row {
    const { subscriptionId, subscriptionName } = this.#principal;
    return this.#row(`/subscriptions/${subscriptionId}`, subscriptionName, SUBSCRIPTION_TYPE, 0, {
      tags: {},
      properties: {
        state: 'Enabled',
        subscriptionPolicies: {
          quotaId: 'PayAsYouGo_2014-09-01',
          spendingLimit: 'Off',
          locationPlacementId: 'Public_2014-09-01',
        },
        managedByTenants: [],
      },
    });
  }

  /** Resource Graph writes types in lower case, and every column that was asked for, empty ones as well. */
  #row(id: string, name: string, type: string, index: number, columns: Readonly<Record<string, unknown>>): Row {
    const empty = { kind: '', sku: null, tags: null, zones: null, managedBy: '', identity: null, location: '' };
    const changed = this.#changed(type, index, id);
    return {
      ...empty,
      ...columns,
      ...(changed === undefined ? {} : { tags: { ...Object(columns.tags), revision: `r${changed}` } }),
      id,
      name,
      type: type.toLowerCase(),
    };
  }

  #changed(type: string, index: number, id: string): number | undefined {
    const knob = this.#knobs.change.find(
      (one) =>
        isType(one.type ?? type, type) &&
        (one.index ?? index) === index &&
        index < (one.count ?? Number.POSITIVE_INFINITY) &&
        (one.share === undefined || new Random(`change/${id}`).next() < one.share),
    );
    return knob === undefined ? undefined : (knob.turn ?? 1);
  }
}

const nameOfGroup = (n: number): string => `rg-${String(n).padStart(6, '0')}`;
