/** Keys as nobody makes them, written by hand. @see ITU-T X.690 (DER), RFC 5208 (PKCS #8) */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length.toString(16).replace(/^(.(..)*)$/, '0$1');
  const length = content.length < 128 ? [content.length] : [0x80 | (size.length / 2), ...Buffer.from(size, 'hex')];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** A positive number. */
export const integer = (number: Uint8Array): Buffer =>
  der(0x02, (number[0] ?? 0) < 0x80 ? number : Buffer.concat([Buffer.from([0]), number]));
export const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
export const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;

/** An odd number of so many bits, and no prime. */
export function bytes(bits: number): Buffer {
  const number = Buffer.alloc(bits / 8, 0xab);
  if (bits > 0) {
    number[0] = 0xc1;
    number[number.length - 1] = 0xad;
  }
  return number;
}

/** Private keys (PKCS #8) from which OpenSSL works out the public half while it reads them: DSA, Diffie-Hellman. */
export function slowKeys(bits: number): readonly Buffer[] {
  const [zero, two, number] = [Buffer.from([0]), Buffer.from([2]), bytes(bits)];
  const key = (algorithm: string, ...parameters: readonly Buffer[]): Buffer =>
    der(
      0x30,
      integer(zero),
      der(0x30, oid(algorithm), der(0x30, ...parameters.map(integer))),
      der(0x04, integer(number)),
    );
  return [key('2a8648ce380401', number, bytes(256), two), key('2a864886f70d010301', number, two)];
}

/** An RSA key of so many bits that holds together as a text only. */
export const hugeRsa = (bits: number): Buffer => {
  const [zero, number] = [integer(Buffer.from([0])), integer(bytes(bits))];
  return der(0x30, zero, number, integer(Buffer.from([1, 0, 1])), number, zero, zero, zero, zero, zero);
};
