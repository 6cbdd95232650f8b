import type * as z from 'zod';
import type { Collector, CollectorFacts } from '../../domain/cloud.ts';
import type { Resource } from '../../domain/resource.ts';
import type { ClientConfig } from './clients.ts';
import { UnexpectedAnswerError } from './outcomes.ts';

/** A customer's account in one scope, as a collector's calls need it. */
export interface AwsAccess {
  /** `global` or a region: where a service answers both from one endpoint, the call says which. */
  readonly scope: string;
  /** The shared client of that class for the scope's region. */
  client<C>(make: new (config: ClientConfig) => C): C;
}

/** Where a resource was found: all that a mapping knows beside the item. */
export interface Place {
  readonly account: string;
  /** The scope's region; `us-east-1` for global scopes. */
  readonly region: string;
  readonly partition: 'aws';
}

/** What one AWS type states beyond its facts. `T` is the item as its schema parses it. */
export interface AwsMapping<T> {
  /** Exactly the fields that the mapping uses: what it does not name never gets further. */
  readonly item: z.ZodType<T>;
  /** One call, always with its page size. An empty `next` counts as none. */
  page(
    aws: AwsAccess,
    token: string | undefined,
  ): Promise<{ items: readonly unknown[] | undefined; next?: string | undefined }>;
  /** A call per so many items, for lists that say too little. An item that it leaves out is gone. */
  readonly describe?: {
    readonly batch: number;
    call(aws: AwsAccess, items: readonly unknown[]): Promise<readonly unknown[]>;
  };
  toResource(item: T, place: Place): Omit<Resource, 'type'> & { readonly type?: string };
}

/** A collector that still has to be bound to an account and a scope. */
export interface AwsCollector {
  readonly facts: CollectorFacts;
  bind(aws: AwsAccess, place: Place): Collector;
}

/**
 * Makes a collector of its facts and its mapping. The mapping is made on first use and the call is marked pure, so that
 * a bundle which imports a collector's file for its facts alone carries neither its schema nor its SDK.
 */
export function awsCollector<T>(facts: CollectorFacts, mappingOf: () => AwsMapping<T>): AwsCollector {
  return {
    facts,
    bind(aws, place) {
      const mapping = mappingOf();
      const { describe } = mapping;
      const toResource = (item: unknown): Resource => {
        const parsed = mapping.item.safeParse(item);
        if (!parsed.success) throw new UnexpectedAnswerError(`An item of ${facts.name} does not have its shape.`);
        return { type: facts.name, ...mapping.toResource(parsed.data, place) };
      };
      return {
        ...facts,
        async page(token) {
          const { items = [], next } = await mapping.page(aws, token);
          const more = next === '' ? undefined : next;
          if (describe === undefined) return { resources: items.map(toResource), details: [], next: more };
          const details = batches(items, describe.batch).map(
            (batch) => async () => (await describe.call(aws, batch)).map(toResource),
          );
          return { resources: [], details, next: more };
        },
      };
    },
  };
}

function batches<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/** AWS's list of tags as a record; the first of two equal keys stands. */
export function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  const pairs = (tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ''] as const]));
  return Object.fromEntries(pairs.reverse());
}

/** A Date of the SDK as RFC 3339. */
export const time = (date: Date | undefined): { created_at?: string } =>
  date === undefined ? {} : { created_at: date.toISOString() };

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
