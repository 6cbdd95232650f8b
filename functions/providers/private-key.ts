import { createPrivateKey, type KeyObject } from 'node:crypto';

/** One block; a curve's parameters may stand before it, as OpenSSL's own tools write them. */
const BLOCK = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----/g;
/** RSA, elliptic curves, Ed25519. @see https://www.rfc-editor.org/rfc/rfc8017 RFC 5480, RFC 8410 */
const ALGORITHMS: ReadonlySet<string> = new Set(['2a864886f70d010101', '2a8648ce3d0201', '2b6570']);

/**
 * Reads the one private key of a text in PEM, not encrypted. What kind it is is looked up before it is parsed: of a DSA
 * or Diffie-Hellman key OpenSSL works out the public half while it reads, which for a large number takes minutes.
 * @returns undefined where there is no such key, or several.
 */
export function privateKeyIn(pem: string): KeyObject | undefined {
  const [block, ...more] = pem.matchAll(BLOCK);
  if (block === undefined || more.length > 0) return undefined;
  const key = Buffer.from(block[2] ?? '', 'base64');
  const type = formOf(key);
  if (type === undefined) return undefined;
  try {
    return createPrivateKey({ key, format: 'der', type });
  } catch {
    return undefined;
  }
}

/** The form of a key in DER by its beginning: a sequence of its version and, next, what tells the forms apart. */
function formOf(der: Buffer): 'pkcs1' | 'sec1' | 'pkcs8' | undefined {
  const version = contentAt(der, 0, 0x30);
  const second = version + 3;
  if (version < 0 || der[version] !== 0x02 || der[version + 1] !== 1) return undefined;
  if (der[second] === 0x02) return 'pkcs1';
  if (der[second] === 0x04) return 'sec1';
  const algorithm = contentAt(der, second, 0x30);
  const oid = contentAt(der, algorithm, 0x06);
  if (algorithm < 0 || oid < 0) return undefined;
  return ALGORITHMS.has(der.toString('hex', oid, oid + (der[oid - 1] ?? 0))) ? 'pkcs8' : undefined;
}

/** Where the content of an element begins; -1 where no such element stands there, or one of no definite length. */
function contentAt(der: Buffer, at: number, tag: number): number {
  const [first, length] = [der[at], der[at + 1]];
  if (at < 0 || first !== tag || length === undefined || length === 0x80) return -1;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}
