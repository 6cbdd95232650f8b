import { type KeyObject, sign } from 'node:crypto';
import { privateKeyIn } from '../private-key.ts';

const LEAST_BITS = 2048;
const MOST_BITS = 8192;
/** PKCS #1 or #8 of 8192 bit takes 6.4 KB; more is not even parsed, since a large number costs time. Characters. */
const MOST_CHARACTERS = 7000;
/** One block, neither encrypted (by its name or by the headers of RFC 1421) nor anything but a private key. */
const PEM = /^\s*-----BEGIN (RSA )?PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END (RSA )?PRIVATE KEY-----\s*$/;
/** Public exponents above are legal and slow. */
const MOST_EXPONENT = 2n ** 32n;

/**
 * Reads a private key in PEM and writes it anew, so that what is kept is nothing but the key.
 * @returns undefined where it is not an RSA key of 2048 to 8192 bit that signs.
 */
export function readPrivateKey(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS || !PEM.test(text)) return undefined;
  try {
    const key = privateKeyIn(text);
    if (key === undefined || !isFit(key)) return undefined;
    // One that was put together wrongly is parsed, and only fails here.
    sign('sha256', Buffer.from('infraaudit'), key);
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    return undefined;
  }
}

function isFit({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = MOST_EXPONENT } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType !== 'rsa' || publicExponent >= MOST_EXPONENT) return false;
  return modulusLength >= LEAST_BITS && modulusLength <= MOST_BITS;
}
