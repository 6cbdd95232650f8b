import * as z from 'zod';
import type { Resource } from '../../../domain/resource.ts';

/*
 * Leaves of `properties`. Resource Graph promises no shape for them: one that is absent, null or of another kind was not
 * answered, and harms nothing beside it. A column that is empty is an empty text.
 */
export const text = z.string().min(1).optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);
export const list = <T extends z.ZodType>(item: T) => z.array(item).optional().catch(undefined);
export const object = <S extends z.ZodRawShape>(shape: S) => z.object(shape).optional().catch(undefined);
/** A reference to another resource. */
export const reference = object({ id: text });

/** What the mapping of one type says beside identity, location and tags. */
export interface Mapped {
  /** Absent: as the resource's `provisioningState` says. */
  readonly status?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly configuration: Resource['configuration'];
}

/** A row of either table: what every resource has. Further columns of ours are below; others are not asked for. */
export const rowSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.string().regex(/^[^/\s]+(\/[^/\s]+)+$/),
  location: text,
  kind: text,
  sku: object({ name: text, tier: text, capacity: number }),
  tags: z.record(z.string(), z.unknown()).catch({}),
  zones: list(z.string()),
  managedBy: text,
  identity: object({ type: text }),
  properties: z.unknown().optional(),
});
export type Row = z.infer<typeof rowSchema>;

/** The mapping of one type: how its properties are read, and what is made of them. */
export interface AzureType {
  map(row: Row): Mapped;
}

/** Makes a type of the fields of `properties` that it names, and of what it says of them. */
export function azureType<S extends z.ZodRawShape>(
  shape: S,
  map: (properties: z.infer<z.ZodObject<S>>, row: Row) => Mapped,
): AzureType {
  const schema = z.object(shape);
  return {
    map(row) {
      const properties = schema.safeParse(row.properties);
      return map(properties.success ? properties.data : schema.parse({}), row);
    },
  };
}

/** A configuration without the fields that the cloud did not answer. */
export function fields(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): Resource['configuration'] {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'object' ? [...value] : value]],
    ),
  );
}

/** `yes` or `no` for a word of two, `unknown` for another or none. */
export function oneOf(value: string | undefined, yes: string, no: string): 'yes' | 'no' | 'unknown' {
  const word = value?.toLowerCase();
  if (word === yes.toLowerCase()) return 'yes';
  return word === no.toLowerCase() ? 'no' : 'unknown';
}

/** Whether it can be reached from outside private networks, by Azure's `publicNetworkAccess`. */
export const publicNetwork = (value: string | undefined) => oneOf(value, 'Enabled', 'Disabled');

/** Not of a flag that says the opposite. */
export const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

/** The ids in a list of references; undefined where the list was not answered. */
export const ids = (references: readonly ({ id?: string | undefined } | undefined)[] | undefined) =>
  references?.flatMap((one) => (one?.id === undefined ? [] : [one.id]));

/** A time of Azure's as RFC 3339; undefined where it is none. */
export function time(value: string | undefined): string | undefined {
  if (value === undefined || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
