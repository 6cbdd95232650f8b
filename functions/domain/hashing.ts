import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { externalIdHash } from './keys.ts';
import { type Resource, resourceSchema } from './resource.ts';

/** A resource as a scan compares it: where it is kept, what it holds. */
export interface Fingerprint {
  /** `hashExternalId` of it. */
  readonly hash: string;
  /** The first 8 of them stand for the hash where memory counts. */
  readonly id: Uint8Array;
  /** SHA-256 over its canonical JSON, type and external id included. */
  readonly content: Uint8Array;
}

/** A text that is the same for equal content, whatever the order of its keys. */
function canonical({ tags, configuration, ...rest }: Resource): string {
  return JSON.stringify([inOrder(rest), inOrder(tags), inOrder(configuration)]);
}

/** Names, each before its value: one list is made faster than an object with its keys in order. */
function inOrder(fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  const list: unknown[] = [];
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] !== undefined) list.push(name, fields[name]);
  }
  return list;
}

export function fingerprint(resource: Resource): Fingerprint {
  const id = externalIdHash(resource.external_id);
  // By way of text: as a buffer each would be memory of its own outside of the heap, and the collector's main work.
  const content = Buffer.from(hash('sha256', canonical(resource), 'hex'), 'hex');
  return { hash: id.toString('base64url'), id, content };
}

/** Content as a row keeps it: base64url of its first 8 bytes. */
export const contentOf = ({ content }: Fingerprint): string =>
  Buffer.from(content.subarray(0, 8)).toString('base64url');

/** The sum of the resources' hashes: the same set gives the same digest in whatever order the pages came. */
export class Digest {
  #sum: bigint;

  constructor(from = '0') {
    this.#sum = BigInt(`0x${from}`);
  }

  add({ content }: Fingerprint): void {
    const view = Buffer.from(content.buffer, content.byteOffset, 16);
    this.#sum = BigInt.asUintN(128, this.#sum + (view.readBigUInt64BE(0) << 64n) + view.readBigUInt64BE(8));
  }

  toString(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}

/** What a change did to one field. Values are cut; `undefined` is a field that was not there. */
export const fieldChange = z.object({
  field: z.string(),
  from: z.json().optional(),
  to: z.json().optional(),
});

/** A change as its resource's row remembers it. */
export const rowChange = z.object({
  /** Stamp of who wrote it. */
  by: z.string(),
  /** Start of its job, RFC 3339 with milliseconds. */
  at: z.string(),
  kind: z.enum(['created', 'changed', 'vanished']),
  fields: z.array(fieldChange).optional(),
});
export type RowChange = z.infer<typeof rowChange>;

const docSchema = resourceSchema.omit({ type: true }).extend({ changes: z.array(rowChange).optional() });

/**
 * The resource and its last changes, newest first, as one attribute, so that a usual row is one write unit: as it is
 * where that is so, deflated behind a zero byte where it would be more.
 */
export function packResource({ type: _, ...doc }: Resource, changes: readonly RowChange[]): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(changes.length > 0 ? { ...doc, changes } : doc));
  return bytes.length <= PLAIN ? bytes : Buffer.concat([DEFLATED, deflateRawSync(bytes, SMALL)]);
}

/** The resource back out of its row. @throws when the bytes are not what `packResource` made. */
export function unpackResource(
  type: string,
  doc: Uint8Array,
): { readonly resource: Resource; readonly changes: readonly RowChange[] } {
  const bytes = doc[0] === DEFLATED[0] ? inflateRawSync(doc.subarray(1)) : Buffer.from(doc);
  const { changes = [], ...parsed } = docSchema.parse(JSON.parse(bytes.toString()));
  return { resource: { ...parsed, type }, changes };
}

/** Bytes of a document that leave room for the row's keys and other attributes in the 1,024 of a write unit. */
const PLAIN = 640;
/** JSON begins with a brace. */
const DEFLATED = Uint8Array.of(0);
/** Rows are short: zlib's usual window, tables and output buffer are made and thrown away for each of them. */
const SMALL = { level: 6, windowBits: 12, memLevel: 4, chunkSize: 1024 } as const;

/** Any JSON value deflated, and back. */
export const packBytes = (value: unknown): Uint8Array<ArrayBuffer> => deflateRawSync(JSON.stringify(value));
export function unpackBytes<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  return schema.parse(JSON.parse(inflateRawSync(bytes).toString()));
}

/** The same as text, for items that are written rarely. */
