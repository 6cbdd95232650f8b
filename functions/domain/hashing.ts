import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type * as z from 'zod';
import { hashExternalId } from './keys.ts';
import { type Resource, resourceSchema } from './resource.ts';

/** A resource as a scan compares it: where it is kept, what it holds. */
export interface Fingerprint {
  /** `hashExternalId` of it. */
  readonly hash: string;
  /** base64url of 8 bytes of SHA-256 over its canonical JSON. */
  readonly content: string;
}

/** JSON with the keys of every object in order, so that equal content gives equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export function fingerprint(resource: Resource): Fingerprint {
  const content = createHash('sha256').update(canonical(resource)).digest().subarray(0, 8).toString('base64url');
  return { hash: hashExternalId(resource.external_id), content };
}

/** The sum of the resources' hashes: the same set gives the same digest in whatever order the pages came. */
export class Digest {
  #sum = 0n;

  add({ hash, content }: Fingerprint, type: string): void {
    const bytes = createHash('sha256').update(`${type}\0${hash}\0${content}`).digest();
    this.#sum = BigInt.asUintN(128, this.#sum + bytes.readBigUInt64BE(0) * (1n << 64n) + bytes.readBigUInt64BE(8));
  }

  toString(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}

const docSchema = resourceSchema.omit({ type: true });

/** The resource as one deflated attribute, so that a usual row is one write unit. */
export function packResource({ type: _, ...doc }: Resource): Uint8Array {
  return deflateRawSync(JSON.stringify(doc));
}

/** The resource back out of its row. @throws when the bytes are not what `packResource` made. */
export function unpackResource(type: string, doc: Uint8Array): Resource {
  const parsed = docSchema.parse(JSON.parse(inflateRawSync(doc).toString()));
  return { ...parsed, type };
}

/** Any JSON value deflated into text, for items that are written rarely. */
export const packText = (value: unknown): string => deflateRawSync(JSON.stringify(value)).toString('base64');
export function unpackText<T>(schema: z.ZodType<T>, text: string): T {
  return schema.parse(JSON.parse(inflateRawSync(Buffer.from(text, 'base64')).toString()));
}
