import { expect, test } from 'vitest';
import { Digest, fingerprint, packResource, unpackResource } from '../../../functions/domain/hashing.ts';
import { hashTenant, placeOfResource, providerOfKey, stampOf } from '../../../functions/domain/keys.ts';
import type { Resource } from '../../../functions/domain/resource.ts';

const resource = (id: string, more: Partial<Resource> = {}): Resource => ({
  external_id: id,
  name: id,
  type: 'vpc',
  region: 'eu-west-1',
  status: 'active',
  tags: { a: '1', b: '2' },
  configuration: { cidr: '10.0.0.0/16', public: 'unknown' },
  ...more,
});
const digestOf = (resources: readonly Resource[]): string => {
  const digest = new Digest();
  for (const one of resources) digest.add(fingerprint(one));
  return digest.toString();
};

test('the digest does not depend on the order of pages, nor on the order of keys', () => {
  const [a, b, c] = [resource('a'), resource('b'), resource('c', { tags: { b: '2', a: '1' } })];
  expect(digestOf([a, b, c])).toBe(digestOf([resource('c'), b, a]));
});

test('any change of content, identity or number changes the digest', () => {
  const digests = [
    digestOf([]),
    digestOf([resource('a')]),
    digestOf([resource('a'), resource('a')]),
    digestOf([resource('b')]),
    digestOf([resource('a', { status: 'stopped' })]),
    digestOf([resource('a', { tags: {} })]),
    digestOf([resource('a', { configuration: { cidr: '10.0.0.0/16' } })]),
    digestOf([resource('a', { type: 'subnet' })]),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test('a resource comes out of its row as it went in', () => {
  const one = resource('arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1?x=%2F', {
    name: 'größe 🚀',
    created_at: '2026-01-01T00:00:00Z',
  });
  expect(unpackResource('vpc', packResource(one, [])).resource).toEqual(one);
});

test('tenants with awkward names have keys of their own', () => {
  const issuer = 'https://issuer.example';
  const names = ['acme', 'acme#P#1', 'acme\0', ' acme', 'ACME'];
  const hashes = names.map((name) => hashTenant(issuer, name));
  expect(new Set(hashes).size).toBe(names.length);
  for (const hash of hashes) expect(hash).toMatch(/^[a-z2-7]{32}$/);
  expect(hashTenant('a', 'bc')).not.toBe(hashTenant('ab', 'c'));
});

test('stamps sort as text: a later job is higher, and within it a later attempt', () => {
  const stamps = [stampOf(1, 1), stampOf(1, 2), stampOf(1, 10), stampOf(2, 1), stampOf(10, 1), stampOf(100, 999)];
  expect([...stamps].sort()).toEqual(stamps);
});

test('keys can be read back, and a foreign one names no provider', () => {
  expect(placeOfResource('eu-west-1#abc_-')).toEqual({ scope: 'eu-west-1', hash: 'abc_-' });
  const tenant = hashTenant('i', 't');
  expect(providerOfKey({ pk: `T#${tenant}`, sk: 'PROVIDER#0000000000000007' })).toEqual({ tenant, id: 7 });
  expect(providerOfKey({ pk: 'T#other', sk: 'PROVIDER#0000000000000007' })).toBeUndefined();
  expect(providerOfKey({ pk: `T#${tenant}`, sk: 'SEQ' })).toBeUndefined();
});
