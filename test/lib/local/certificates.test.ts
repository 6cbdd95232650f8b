import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { issue, makeCa } from '../../../lib/local/certificates.ts';

test('a certificate is signed by its authority, for the names and addresses that were asked for', async () => {
  const ca = await makeCa('sample authority');
  const server = await issue(ca, { commonName: 'a', hosts: ['cluster.example.com'], ips: ['127.0.0.1'] });
  const read = new X509Certificate(server.certificate);
  const authority = new X509Certificate(ca.certificate);
  expect(authority.ca).toBe(true);
  expect(read.verify(authority.publicKey)).toBe(true);
  expect(read.checkIssued(authority)).toBe(true);
  expect(read.checkHost('cluster.example.com')).toBe('cluster.example.com');
  expect(read.checkHost('other.example.com')).toBeUndefined();
  expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
});

test("a client's certificate says who it is and in which groups", async () => {
  const ca = await makeCa('sample authority');
  const client = await issue(ca, { commonName: 'alice', organizations: ['readers'], client: true });
  expect(new X509Certificate(client.certificate).subject).toBe('O=readers\nCN=alice');
});

test('what is kept in a folder is the same the next time, and new under another authority', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'infraaudit-certificates-'));
  try {
    const ca = await makeCa('sample authority', { directory, name: 'ca' });
    expect(await makeCa('sample authority', { directory, name: 'ca' })).toEqual(ca);
    const request = { commonName: 'a', hosts: ['a.example.com'] };
    const server = await issue(ca, request, { directory, name: 'server' });
    expect(await issue(ca, request, { directory, name: 'server' })).toEqual(server);
    expect(statSync(join(directory, 'server.json')).mode & 0o777).toBe(0o600);
    const other = await makeCa('another authority');
    expect(await issue(other, request, { directory, name: 'server' })).not.toEqual(server);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
