import * as z from 'zod';
import type { Resource } from '../../../domain/resource.ts';
import { typeOf } from '../types.ts';
import { resourceOf } from './mapping.ts';
import { mappingOf } from './registered.ts';

/** An asset as Cloud Asset Inventory lists it. @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/Asset */
const assetSchema = z.object({
  /** The full resource name: `//compute.googleapis.com/projects/…`. */
  name: z.string().regex(/^\/\/[^/]+\/./),
  assetType: z.string().regex(/^[^/]+\/[^/]+/),
  resource: z
    .object({ location: z.string().optional(), data: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});
export type Asset = z.infer<typeof assetSchema>;

export const assetsSchema = z.object({ assets: z.array(assetSchema).optional(), nextPageToken: z.string().optional() });

/** @throws UnexpectedAnswerError where the data of a mapped type do not have their shape. */
export function toResource({ name, assetType, resource }: Asset): Resource {
  const mapped = mappingOf(assetType)(resource?.data ?? {});
  return resourceOf({ name, type: typeOf(assetType), location: resource?.location }, mapped);
}
