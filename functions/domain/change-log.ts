import * as z from 'zod';
import { fieldChange, packBytes, type RowChange } from './hashing.ts';
import { type JobStart, jobOfStamp, keys, type ProviderRef, type ScanId } from './keys.ts';
import type { Table } from './ports.ts';
import { queryAll } from './provider.ts';
import type { Configuration, Resource } from './resource.ts';

/** What appeared, changed or vanished, as the history keeps it: enough to read without the resource's row. */
export const changeEntry = z.object({
  kind: z.enum(['created', 'changed', 'vanished']),
  type: z.string(),
  scope: z.string(),
  hash: z.string(),
  external_id: z.string(),
  name: z.string(),
  region: z.string(),
  fields: z.array(fieldChange).optional(),
});
export type ChangeEntry = z.infer<typeof changeEntry>;

/** Entries of one pack: some tens of kilobytes. */
const PER_PACK = 400;
const MOST_FIELDS = 20;
const LONGEST_VALUE = 256;

/**
 * The change history of one scan in one run of it. Packs have fixed keys by job, scan and part, so that a run after a
 * crash writes the same again over the first; what it has more goes behind.
 */
export class ChangeLog {
  readonly #table: Table;
  readonly #ref: ProviderRef;
  readonly #scan: ScanId;
  readonly #parts: Map<string, number>;
  readonly #open = new Map<string, ChangeEntry[]>();

  /** @param packs what an earlier link has written, as `packs` gave it. */
  constructor(table: Table, ref: ProviderRef, scan: ScanId, packs: Readonly<Record<string, number>> = {}) {
    this.#table = table;
    this.#ref = ref;
    this.#scan = scan;
    this.#parts = new Map(Object.entries(packs));
  }

  /** Adds a change that a resource's row tells of. */
  async add(change: RowChange, of: { readonly resource: Resource; readonly hash: string }): Promise<void> {
    const start = `${change.at}#${jobOfStamp(change.by)}`;
    const entries = this.#open.get(start) ?? [];
    this.#open.set(start, entries);
    const { type, external_id, name, region } = of.resource;
    const fields = change.fields === undefined ? {} : { fields: change.fields };
    entries.push({
      kind: change.kind,
      type,
      scope: this.#scan.scope,
      hash: of.hash,
      external_id,
      name,
      region,
      ...fields,
    });
    if (entries.length >= PER_PACK) await this.#write(start, entries.splice(0));
  }

  /** Writes what is open. */
  async flush(): Promise<void> {
    for (const [start, entries] of this.#open) if (entries.length > 0) await this.#write(start, entries.splice(0));
  }

  /** How many packs were written, for the next link. */
  get packs(): Record<string, number> {
    return Object.fromEntries(this.#parts);
  }

  /** Removes packs behind the last: an earlier run may have cut the same entries into more. */
  async trim(): Promise<void> {
    for (const [start, parts] of this.#parts) {
      const packs = keys.changePacks(this.#ref, startOf(start), this.#scan);
      const last = keys.changePack(this.#ref, startOf(start), this.#scan, parts - 1).sk;
      for (const { sk } of await queryAll(this.#table, { ...packs, attributes: ['pk', 'sk'] })) {
        if (typeof sk === 'string' && sk > last) await this.#table.remove({ pk: packs.pk, sk });
      }
    }
  }

  async #write(start: string, entries: readonly ChangeEntry[]): Promise<void> {
    const part = this.#parts.get(start) ?? 0;
    this.#parts.set(start, part + 1);
    const key = keys.changePack(this.#ref, startOf(start), this.#scan, part);
    await this.#table.update(key, { set: { v: 1, entries: packBytes(entries) }, blind: true });
  }
}

function startOf(text: string): JobStart {
  const cut = text.indexOf('#');
  return { at: text.slice(0, cut), job: Number(text.slice(cut + 1)) };
}

type Value = Configuration[string] | undefined;

/** Which fields differ, from what to what; both capped. */
export function fieldsChanged(before: Resource, after: Resource): NonNullable<RowChange['fields']> {
  const a = flat(before);
  const b = flat(after);
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  const changed = names.filter((name) => JSON.stringify(a.get(name)) !== JSON.stringify(b.get(name)));
  return changed.slice(0, MOST_FIELDS).map((field) => {
    const [from, to] = [short(a.get(field)), short(b.get(field))];
    return { field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  });
}

function flat(resource: Resource): Map<string, Value> {
  const { name, region, status, created_at, tags, configuration } = resource;
  const below = (prefix: string, values: Readonly<Record<string, Value>>) =>
    Object.entries(values).map(([key, value]): [string, Value] => [`${prefix}.${key}`, value]);
  const own: [string, Value][] = Object.entries({ name, region, status, created_at });
  return new Map([...own, ...below('tags', tags), ...below('configuration', configuration)]);
}

function short(value: Value): Value {
  if (typeof value === 'string' && value.length > LONGEST_VALUE)
    return `${value.slice(0, LONGEST_VALUE).toWellFormed()}…`;
  if (!Array.isArray(value)) return value;
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE).toWellFormed()}…` : value;
}
