import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a signed request says of itself in its Authorization header. */
export interface Credential {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** The request as its signature covers it. */
export interface Signed {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const MOST_SKEW_MS = 15 * 60_000;

export function readCredential(headers: IncomingHttpHeaders): Credential | undefined {
  const match = HEADER.exec(headers.authorization ?? '');
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', signed = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: signed.split(';'), signature };
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** `ok`, or why AWS would refuse. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function checkSignature(
  request: Signed,
  credential: Credential,
  secret: string,
  now: number,
): 'ok' | 'skewed' | 'wrong' {
  const stamp = String(request.headers['x-amz-date'] ?? '');
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(at)) return 'wrong';
  if (Math.abs(now - at) > MOST_SKEW_MS) return 'skewed';
  const declared = request.headers['x-amz-content-sha256'];
  const hash = sha256(request.body);
  if (declared !== undefined && declared !== 'UNSIGNED-PAYLOAD' && declared !== hash) return 'wrong';
  const { date, region, service } = credential;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = canonicalRequest(request, credential, String(declared ?? hash));
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
  const expected = hmac(key, text);
  return timingSafeEqual(expected, Buffer.from(credential.signature, 'hex')) ? 'ok' : 'wrong';
}

function canonicalRequest(
  { method, url, headers }: Signed,
  { service, signedHeaders }: Credential,
  hash: string,
): string {
  const [path = '/', query = ''] = url.split('?');
  const named = signedHeaders.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replaceAll(/ +/g, ' ')}\n`,
  );
  return [
    method,
    // S3 signs the path as it is sent; every other service encodes it once more.
    service === 's3' ? path : path.split('/').map(encode).join('/'),
    canonicalQuery(query),
    named.join(''),
    signedHeaders.join(';'),
    hash,
  ].join('\n');
}

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value))}`;
    })
    .sort()
    .join('&');
}
