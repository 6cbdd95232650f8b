import * as z from 'zod';
import type { Collector, CollectorFacts } from '../../domain/cloud.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Cluster } from './clients.ts';
import { RefusedError, UnexpectedAnswerError } from './errors.ts';
import { once } from './once.ts';

/** A kind of object as the API server calls it. */
export interface Kind {
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in paths and in a ClusterRole's `resources`. */
  readonly plural: string;
}

/** A kind's collector as the engine knows it. Each kind is a scan of its own, so that each has its own outcome. */
export interface KindFacts extends CollectorFacts, Kind {}

/** `k8s_` and the kind in snake case; what it takes is written `list:PLURAL[.GROUP]`. */
export function kindFacts(kind: Kind): KindFacts {
  const type = `k8s${kind.kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  const permission = `list:${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}`;
  return { ...kind, name: type, service: 'kubernetes', scope: 'cluster', types: [type], permissions: [permission] };
}

/** What one kind states beyond its facts. `T` is the object as its schema parses it. */
export interface KindMapping<T> {
  /** Exactly the fields that the mapping uses: what it does not name never gets further, annotations least of all. */
  readonly item: z.ZodType<T>;
  /** Only names and labels are asked for: the server leaves the rest out. */
  readonly metadataOnly?: boolean;
  toResource(item: T): { readonly status?: string } & Pick<Resource, 'configuration'>;
}

/** A collector that still has to be bound to a cluster. */
export interface KubernetesCollector {
  readonly facts: KindFacts;
  bind(cluster: Cluster): Collector;
}

/** Objects a page, and fewer where a page of them is larger than may be read. */
const PAGE_SIZES = [500, 50, 5] as const;
/** Characters; it travels in messages. The server's own are below 1,000. */
const LONGEST_TOKEN = 2048;
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const listSchema = /* @__PURE__ */ once(() =>
  z.object({
    metadata: z.object({ continue: z.string().max(LONGEST_TOKEN).optional() }),
    items: z.array(z.unknown()),
  }),
);
const objectSchema = /* @__PURE__ */ once(() =>
  z.object({
    metadata: z.object({
      name: z.string().min(1),
      namespace: z.string().min(1).optional(),
      uid: z.string().min(1),
      labels: z.record(z.string(), z.string()).nullish(),
      creationTimestamp: z.string().nullish(),
      deletionTimestamp: z.string().nullish(),
      ownerReferences: z
        .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
        .nullish(),
    }),
  }),
);

/**
 * The mapping is made on first use and the call is marked pure, with functions as its arguments: whoever wants the facts
 * alone carries no schema.
 */
export function kindCollector<T>(factsOf: () => KindFacts, mappingOf: () => KindMapping<T>): KubernetesCollector {
  const facts = factsOf();
  return {
    facts,
    bind(cluster) {
      const mapping = mappingOf();
      let size = 0;
      return {
        ...facts,
        async page(token) {
          const list = await readList(cluster, facts, {
            limit: String(PAGE_SIZES[size]),
            metadataOnly: mapping.metadataOnly === true,
            token,
          }).catch((error: unknown) => {
            if (!(error instanceof RefusedError && error.smaller)) throw error;
            size += 1;
            // The engine calls again, and then for a smaller page; there is an end to that.
            if (size < PAGE_SIZES.length) throw error;
            size = 0;
            throw new RefusedError(error.code);
          });
          const resources = list.items.map((item) => toResource(facts, mapping, item));
          return { resources, details: [], next: list.metadata.continue || undefined };
        },
      };
    },
  };
}

async function readList(
  cluster: Cluster,
  { group, version, plural }: Kind,
  { limit, metadataOnly, token }: { limit: string; metadataOnly: boolean; token: string | undefined },
): Promise<z.infer<ReturnType<typeof listSchema>>> {
  const answer = await cluster.call({
    path: `${group === '' ? '/api' : `/apis/${group}`}/${version}/${plural}`,
    query: { limit, ...(token === undefined ? {} : { continue: token }) },
    ...(metadataOnly ? { accept: METADATA_ONLY } : {}),
  });
  const list = listSchema().safeParse(answer);
  if (!list.success) throw new UnexpectedAnswerError(`The list of ${plural} does not have its shape.`);
  return list.data;
}

/** What every object has: who it is, where, since when. Its id is `GROUP/KIND/NAMESPACE/NAME`, of the core group `core`. */
function toResource<T>(facts: KindFacts, mapping: KindMapping<T>, item: unknown): Resource {
  const object = objectSchema().safeParse(item);
  const own = mapping.item.safeParse(item);
  if (!object.success || !own.success) throw new UnexpectedAnswerError(`A ${facts.kind} does not have its shape.`);
  const { name, namespace, uid, labels, creationTimestamp, deletionTimestamp, ownerReferences } = object.data.metadata;
  const { status = 'active', configuration } = mapping.toResource(own.data);
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  return {
    external_id: `${facts.group || 'core'}/${facts.kind}/${namespace ?? ''}/${name}`,
    name,
    type: facts.name,
    region: namespace ?? 'cluster',
    status: deletionTimestamp ? 'terminating' : status,
    tags: { ...labels },
    ...(creationTimestamp ? { created_at: creationTimestamp } : {}),
    configuration: fields({ uid, owner: owner && `${owner.kind}/${owner.name}`, ...configuration }),
  };
}

/** A configuration without the fields that the server did not answer. */
export function fields(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>,
): Resource['configuration'] {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'object' && value !== null ? [...value] : value]],
    ),
  );
}
