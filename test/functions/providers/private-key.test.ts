import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { privateKeyIn } from '../../../functions/providers/private-key.ts';
import { cpuMs } from '../../support/cpu.ts';
import { bytes, der, integer, oid, pem, slowKeys } from '../../support/der.ts';

const p8 = (key: KeyObject, options: object = {}): string =>
  key.export({ type: 'pkcs8', format: 'pem', ...options }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;

test('RSA, elliptic and Edwards keys are read in every form that is not encrypted', () => {
  const parameters = pem('EC PARAMETERS', oid('2b81040022'));
  for (const [key, text] of [
    [rsa, p8(rsa)],
    [rsa, rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
    [rsa, p8(rsa).replaceAll('\n', '\r\n')],
    [ec, p8(ec)],
    [ec, ec.export({ type: 'sec1', format: 'pem' }).toString()],
    [ec, parameters + ec.export({ type: 'sec1', format: 'pem' }).toString()],
    [ed, p8(ed)],
  ] as const) {
    expect(privateKeyIn(text)?.equals(key)).toBe(true);
  }
});

test('what is none, several, encrypted, or of another kind is not', () => {
  const sealed = { cipher: 'aes-256-cbc', passphrase: 'x' };
  for (const text of [
    '',
    'x',
    p8(rsa) + p8(ec),
    p8(rsa, sealed),
    rsa.export({ type: 'pkcs1', format: 'pem', ...sealed }).toString(),
    p8(rsa).replace('END PRIVATE', 'END RSA PRIVATE'),
    pem('PRIVATE KEY', bytes(0)),
    pem('PRIVATE KEY', Buffer.from([0x30])),
    pem('PRIVATE KEY', Buffer.from([0x30, 0x80, 2, 1, 0])),
    pem('PRIVATE KEY', Buffer.from([0x30, 0x03, 2, 1, 0])),
    pem('PRIVATE KEY', der(0x30, integer(Buffer.from([0])), der(0x30))),
    p8(generateKeyPairSync('x25519').privateKey),
    p8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
  ]) {
    expect(privateKeyIn(text)).toBeUndefined();
  }
});

test('a key of which OpenSSL would work out the public half for seconds is not even parsed, under any label', () => {
  for (const key of slowKeys(16_384)) {
    for (const label of [
      'PRIVATE KEY',
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'DSA PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
    ]) {
      expect(cpuMs(() => expect(privateKeyIn(pem(label, key))).toBeUndefined())).toBeLessThan(50);
    }
  }
});
