import * as z from 'zod';
import { known } from '../../../domain/resource.ts';
import { fields, kindCollector, kindFacts } from '../collector.ts';

/**
 * What workloads are told: of ConfigMaps names and keys, of Secrets names only.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/
 */
export const facts = {
  configMap: kindFacts({ group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps' }),
  secret: kindFacts({ group: '', version: 'v1', kind: 'Secret', plural: 'secrets' }),
} as const;

/** The values come over the wire, since no list of keys alone exists, and are dropped while they are parsed. */
const configMap = /* @__PURE__ */ kindCollector(
  () => facts.configMap,
  () => {
    const keys = z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((data) => Object.keys(data ?? {}));
    return {
      item: z.object({ data: keys, binaryData: keys, immutable: z.boolean().nullish() }),
      toResource: ({ data, binaryData, immutable }) => ({
        configuration: fields({ keys: [...data, ...binaryData].sort(), immutable: known(immutable ?? false) }),
      }),
    };
  },
);

/** The server sends no data, and with it not the secret's type either. */
const secret = /* @__PURE__ */ kindCollector(
  () => facts.secret,
  () => ({
    item: z.object({ data: z.undefined().optional(), stringData: z.undefined().optional() }),
    metadataOnly: true,
    toResource: () => ({ configuration: {} }),
  }),
);

export const collectors = [configMap, secret];
