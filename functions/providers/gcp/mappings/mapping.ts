import * as z from 'zod';
import type { Configuration, Resource } from '../../../domain/resource.ts';
import { UnexpectedAnswerError } from '../google-error.ts';

/** What a mapping says of a resource beyond its identity. Absent: the cloud does not say. */
export interface Mapped {
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly createdAt?: string | undefined;
  readonly configuration: Configuration;
}

/** Reads what an asset's own API says of it: exactly the fields that are named, nothing else gets further. */
export type Mapping = (data: unknown) => Mapped;

/** Makes a mapping of the fields that it uses. @throws UnexpectedAnswerError in use, for data of another shape */
export function mapping<T>(fieldsUsed: z.ZodType<T>, read: (data: T) => Mapped): Mapping {
  return (data) => {
    const parsed = fieldsUsed.safeParse(data);
    if (!parsed.success) throw new UnexpectedAnswerError("An asset's data do not have their shape.");
    return read(parsed.data);
  };
}

export const text = z.string().optional();
export const flag = z.boolean().optional();
/** Numbers of 64 bit come as text. */
export const amount = z.union([z.string(), z.number()]).optional();
export const labels = z.record(z.string(), z.string()).optional();
export const texts = z.array(z.string()).optional();

/** A configuration without the fields that the cloud did not answer. */
export function fields(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): Configuration {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'object' ? [...value] : value]],
    ),
  );
}

/** The last part of a URL or of a full name. */
export const last = (path: string | undefined): string | undefined => path?.split('/').at(-1);

/** A number that may have come as text; undefined for what is none. */
export function number(value: string | number | undefined): number | undefined {
  const read = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(read) ? read : undefined;
}

/** RFC 3339 of any of the forms that Google's APIs write a time in (text with an offset, milliseconds). */
export function time(value: string | undefined): string | undefined {
  const date = new Date(value !== undefined && /^\d{9,15}$/.test(value) ? Number(value) : (value ?? Number.NaN));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const ACTIVE = /^(READY|ACTIVE|RUNNABLE|RUNNING|ENABLED|IN_USE|UP)$/;
/** Cloud words -> ours; the others stand as they are, in lower case. */
export const state = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : ACTIVE.test(word) ? 'active' : word.toLowerCase();

/** Whose key seals it: everything at rest is sealed by Google where the customer has not given a key. */
export const sealed = (kmsKey: string | undefined): Configuration =>
  fields({
    encrypted: 'yes',
    encryption: kmsKey === undefined || kmsKey === '' ? 'google' : 'customer',
    kms_key: kmsKey,
  });

/** Where it is: as the inventory says, else as its name does. The same place is `US` to one API and `us` to another. */
function regionOf(name: string, location: string | undefined): string {
  const said =
    location === undefined || location === '' ? /\/(?:zones|regions|locations)\/([^/]+)/.exec(name)?.[1] : location;
  return said?.toLowerCase() ?? 'global';
}

/** A resource of its full name, its location and what a mapping reads of it. */
export function resourceOf(
  asset: { name: string; type: string; location: string | undefined },
  mapped: Mapped,
): Resource {
  return {
    external_id: asset.name,
    name: mapped.name === undefined || mapped.name === '' ? (last(asset.name) ?? asset.name) : mapped.name,
    type: asset.type,
    region: regionOf(asset.name, asset.location),
    status: mapped.status === undefined || mapped.status === '' ? 'active' : mapped.status,
    tags: { ...mapped.tags },
    ...(mapped.createdAt === undefined ? {} : { created_at: mapped.createdAt }),
    configuration: mapped.configuration,
  };
}
