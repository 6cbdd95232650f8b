import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';

const BITS = 1024;
const E = 65537n;

/** How far behind the numbers that a seed makes the primes of a sample key are: found once, since finding takes time. */
export interface PrimeSteps {
  readonly p: number;
  readonly q: number;
}

/**
 * The RSA key (2048 bit) of a sample service account. It is made of a public seed, so that it is the same after every
 * start and no private key lies in the sources; nothing but the sample cloud takes it.
 */
export function sampleKey(seed: string, steps: PrimeSteps): KeyObject {
  const p = startOf(`${seed}/p`) + 2n * BigInt(steps.p);
  const q = startOf(`${seed}/q`) + 2n * BigInt(steps.q);
  const d = inverse(E, (p - 1n) * (q - 1n));
  return createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      n: text(p * q),
      e: text(E),
      d: text(d),
      p: text(p),
      q: text(q),
      dp: text(d % (p - 1n)),
      dq: text(d % (q - 1n)),
      qi: text(inverse(q, p)),
    },
  });
}

/** An odd number of 1024 bit, the two highest of them set, so that two such make one of 2048. */
export function startOf(seed: string): bigint {
  const blocks = Array.from({ length: BITS / 256 }, (_, n) =>
    createHash('sha256').update(`${seed}/${n}`).digest('hex'),
  );
  return BigInt(`0x${blocks.join('')}`) | (3n << BigInt(BITS - 2)) | 1n;
}

/** The inverse of a number by the extended Euclidean algorithm. */
function inverse(of: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [of % modulus, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

function text(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}
