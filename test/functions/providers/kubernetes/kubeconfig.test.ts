import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CredentialsError } from '../../../../functions/providers/contract.ts';
import { decode, encode } from '../../../../functions/providers/kubernetes/credentials.ts';
import { parseCredentials } from '../../../../functions/providers/kubernetes/kubeconfig.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { type Certified, issue, makeCa } from '../../../../lib/local/certificates.ts';
import { cpuMs } from '../../../support/cpu.ts';
import { deploy } from './sample.ts';

/** In every input below: no part of it may turn up in what is said. */
const MARK = 'zq7MARKzq7';
const TOKEN = `${MARK}.eyJhbGciOiJSUzI1NiJ9.c2lnbmF0dXJl`;

let ca: Certified;
let client: Certified;
let other: Certified;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

beforeAll(async () => {
  ca = await makeCa('test');
  client = await issue(ca, { commonName: 'alice', client: true });
  other = await issue(ca, { commonName: 'bob', client: true });
});
beforeEach(() => deploy({}));

interface Parts {
  readonly cluster?: Record<string, unknown>;
  readonly user?: Record<string, unknown>;
  readonly context?: Record<string, unknown>;
  readonly top?: Record<string, unknown>;
}

/** A kubeconfig that is taken, with parts of it replaced. */
const config = ({ cluster = {}, user = { token: TOKEN }, context = {}, top = {} }: Parts = {}): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [
      {
        name: 'c',
        cluster: {
          server: 'https://cluster.example.com:6443',
          'certificate-authority-data': base64(ca.certificate),
          ...cluster,
        },
      },
    ],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
    users: [{ name: 'u', user }],
    'current-context': 'x',
    ...top,
  });

/** What a kubeconfig is refused with; it must not quote any of it. */
function refusal(kubeconfig: string): string {
  try {
    parseCredentials({ kubeconfig });
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    expect(`${error.message} ${error.details}`).not.toMatch(/zq7|PRIVATE|evil/);
    return error.code;
  }
  return 'taken';
}
const serverRefusal = (server: string): string => refusal(config({ cluster: { server } }));

describe('what is taken', () => {
  test('exactly the server, who it is, and who calls; kept as it was after storing', () => {
    const kubeconfig = config({ cluster: { 'tls-server-name': 'kubernetes' }, context: { namespace: 'web' } });
    const credentials = parseCredentials({ kubeconfig });
    expect(credentials.reveal()).toEqual({
      v: 1,
      server: 'https://cluster.example.com:6443',
      ca: ca.certificate,
      serverName: 'kubernetes',
      namespace: 'web',
      token: TOKEN,
    });
    expect(decode(encode(credentials)).reveal()).toEqual(credentials.reveal());
    expect(JSON.stringify({ credentials })).not.toContain(MARK);
  });

  test('a client certificate and its key', () => {
    const user = {
      'client-certificate-data': base64(client.certificate),
      'client-key-data': base64(client.key),
    };
    expect(parseCredentials({ kubeconfig: config({ user }) }).reveal()).toMatchObject({
      clientCertificate: client.certificate,
      clientKey: client.key,
    });
  });

  test('JSON, which is YAML; the default port; a path, as of a proxy for many clusters; no authority', () => {
    const server = 'https://Rancher.Example.com/k8s/clusters/c-m-1/';
    const kubeconfig = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      users: [{ name: 'u', user: { token: TOKEN } }],
      'current-context': 'x',
    });
    expect(parseCredentials({ kubeconfig }).reveal()).toEqual({
      v: 1,
      server: 'https://rancher.example.com/k8s/clusters/c-m-1',
      token: TOKEN,
    });
  });

  test('other contexts are left alone, and nothing of them is kept', () => {
    const users = [
      { name: 'u', user: { token: TOKEN } },
      { name: 'eks', user: { exec: { command: 'aws', apiVersion: 'v1' } } },
    ];
    const credentials = parseCredentials({ kubeconfig: config({ top: { users } }) });
    expect(encode(credentials).reveal()).not.toContain('exec');
  });

  test('a stored text of another version is refused', () => {
    expect(() => decode(new Secret('{"v":2,"server":"https://a"}'))).toThrow();
  });
});

describe('UNSAFE_KUBECONFIG', () => {
  const trace = join(tmpdir(), 'infraaudit-must-not-be-written');

  const users: Record<string, unknown> = {
    exec: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: [trace] } },
    'exec beside a token': { token: TOKEN, exec: { command: 'touch', args: [trace] } },
    'auth-provider with cmd-path': {
      'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch', 'cmd-args': trace } },
    },
    'auth-provider of OIDC': {
      'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://evil.example' } },
    },
    tokenFile: { tokenFile: '/etc/passwd' },
    'a file for the certificate': { 'client-certificate': '/etc/passwd', 'client-key': '/etc/passwd' },
    'a file for the key': { 'client-key': '/etc/passwd' },
    as: { token: TOKEN, as: 'system:admin' },
    'as-uid': { token: TOKEN, 'as-uid': '1' },
    'as-groups': { token: TOKEN, 'as-groups': ['system:masters'] },
    'as-user-extra': { token: TOKEN, 'as-user-extra': { a: ['b'] } },
    'a password': { username: 'admin', password: MARK },
    'a field nobody knows': { token: TOKEN, 'zq7-new-field': 1 },
    'null in a dangerous field': { token: TOKEN, exec: null },
  };
  for (const [name, user] of Object.entries(users)) {
    test(`user: ${name}; nothing is run or read, and the text says what to do instead`, () => {
      expect(refusal(config({ user: Object(user) }))).toBe('UNSAFE_KUBECONFIG');
      expect(existsSync(trace)).toBe(false);
      rmSync(trace, { force: true });
    });
  }

  test('exec is answered with the commands that make one that works', () => {
    const attempt = () => parseCredentials({ kubeconfig: config({ user: { exec: { command: 'aws' } } }) });
    expect(attempt).toThrow(expect.objectContaining({ details: expect.stringContaining('set-credentials') }));
    expect(attempt).toThrow(expect.objectContaining({ details: expect.stringMatching(/EKS, GKE, AKS/) }));
  });

  const clusters: Record<string, object> = {
    'proxy-url': { 'proxy-url': 'http://evil.example:3128' },
    'insecure-skip-tls-verify': { 'insecure-skip-tls-verify': true },
    'a file for the authority': { 'certificate-authority': '/etc/passwd' },
    'a field nobody knows': { 'zq7-new-field': 1 },
  };
  for (const [name, cluster] of Object.entries(clusters)) {
    test(`cluster: ${name}`, () => expect(refusal(config({ cluster: { ...cluster } }))).toBe('UNSAFE_KUBECONFIG'));
  }

  test('a context with more than its parts', () => {
    expect(refusal(config({ context: { as: 'root' } }))).toBe('UNSAFE_KUBECONFIG');
  });

  for (const server of [
    'http://cluster.example.com',
    'HTTP://cluster.example.com:6443',
    'ftp://cluster.example.com',
    'file:///etc/passwd',
    'unix:///var/run/docker.sock',
    'cluster.example.com:6443',
    '//cluster.example.com',
    'https:cluster.example.com',
    'https:\\\\cluster.example.com',
    'https://cluster.example.com\\@evil.example',
    `https://user:${MARK}@cluster.example.com`,
    'https://user@cluster.example.com',
    'https://@cluster.example.com',
    'https://cluster.example.com:22',
    'https://cluster.example.com:80',
    'https://cluster.example.com:25',
    'https://cluster.example.com:1023',
    'https://cluster.example.com:0',
    'https://cluster.example.com/ x',
  ]) {
    test(`server ${server}`, () => expect(serverRefusal(server)).toBe('UNSAFE_KUBECONFIG'));
  }

  test('the ports that are taken', () => {
    for (const port of ['', ':443', ':6443', ':8443', ':1024', ':16443', ':65535']) {
      expect(serverRefusal(`https://cluster.example.com${port}`)).toBe('taken');
    }
  });
});

const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '0x7f000001',
  '0x7f.1',
  '0x7F.0.0.0x1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '0',
  '0.0.0.0',
  '[::ffff:7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::]',
  '１２７.0.0.1',
  '127。0。0。1',
  '①②⑦.0.0.1',
  '127.0.0.1.',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'ｌｏｃａｌｈｏｓｔ',
  'a.localhost',
  'localhost.localdomain',
  'ip6-localhost',
  '%31%32%37.0.0.1',
];
const NEVER = [
  '169.254.169.254',
  '169.254.170.2',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '[::ffff:a9fe:a9fe]',
  '[fe80::1]',
  '[fe80::1%25eth0]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'metadata.google.internal',
  'metadata',
  '224.0.0.1',
  '255.255.255.255',
  '[ff02::1]',
];
const PRIVATE = [
  '10.0.0.1',
  '10.1',
  '167772161',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.168.257',
  '100.64.0.1',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[::ffff:10.0.0.1]',
  '[64:ff9b::a00:1]',
  '[64:ff9b:1::a00:1]',
  '[64:ff9b::808:808]',
  '[2002:a00:1::1]',
  '[2002:808:808::1]',
  '[2001:0:808:808::1]',
  '[2001:db8::1]',
  '198.18.0.1',
  '203.0.113.5',
];

describe('UNSAFE_ENDPOINT', () => {
  for (const host of [...LOOPBACK, ...NEVER]) {
    test(`${host} is never called, not even where the deployment's networks hold everything`, () => {
      expect(serverRefusal(`https://${host}:6443`)).toBe('UNSAFE_ENDPOINT');
      deploy({ privateEndpointCidrs: ['0.0.0.0/0', '::/0'] });
      expect(serverRefusal(`https://${host}:6443`)).toBe('UNSAFE_ENDPOINT');
    });
  }
  for (const host of PRIVATE) {
    test(`${host} is private`, () => {
      expect(serverRefusal(`https://${host}:6443`)).toBe('UNSAFE_ENDPOINT');
      deploy({ privateEndpointCidrs: ['0.0.0.0/0', '::/0'] });
      expect(serverRefusal(`https://${host}:6443`)).toBe('taken');
    });
  }

  test('only the networks that the deployment lists are let through', () => {
    deploy({ privateEndpointCidrs: ['10.20.0.0/16', 'fd12:3456::/32'] });
    expect(serverRefusal('https://10.20.3.4:6443')).toBe('taken');
    expect(serverRefusal('https://[::ffff:10.20.3.4]:6443')).toBe('taken');
    expect(serverRefusal('https://[fd12:3456::7]')).toBe('taken');
    expect(serverRefusal('https://10.21.0.1:6443')).toBe('UNSAFE_ENDPOINT');
    expect(serverRefusal('https://[fd13::7]')).toBe('UNSAFE_ENDPOINT');
  });

  test('public literals are taken, in one notation', () => {
    expect(serverRefusal('https://8.8.8.8:6443')).toBe('taken');
    expect(serverRefusal('https://[2606:4700::1111]:6443')).toBe('taken');
    const kubeconfig = config({ cluster: { server: 'https://0x08080808:6443' } });
    expect(parseCredentials({ kubeconfig }).reveal().server).toBe('https://8.8.8.8:6443');
  });
});

describe('INVALID_KUBECONFIG', () => {
  const good = () => config();
  const texts: Record<string, () => string> = {
    empty: () => '',
    'a word': () => 'x',
    'a list': () => '- a\n- b\n',
    'not YAML': () => `a: [${MARK}\nb: }`,
    'several documents': () => `${good()}\n---\n${good()}`,
    'duplicate keys': () => `${good()}\ncurrent-context: x\n`,
    'duplicate keys inside': () => good().replace('token:', 'token: a\n      token:'),
    'no current-context': () => config({ top: { 'current-context': undefined } }),
    'an empty current-context': () => config({ top: { 'current-context': '' } }),
    'a current-context that is not there': () => config({ top: { 'current-context': 'y' } }),
    'a dangling user': () => config({ context: { user: 'nobody' } }),
    'a dangling cluster': () => config({ context: { cluster: 'nowhere' } }),
    'two users of that name': () =>
      config({
        top: {
          users: [
            { name: 'u', user: { token: 'a' } },
            { name: 'u', user: { token: 'b' } },
          ],
        },
      }),
    'a user that is no map': () => config({ top: { users: [{ name: 'u', user: [1] }] } }),
    'another kind': () => config({ top: { kind: 'Pod' } }),
    'an anchor and an alias': () => good().replace('name: u', 'name: &a u').replace('user: u', 'user: *a'),
    'a merge key by an alias': () => `${good()}\nx: &a {b: 1}\ny:\n  <<: *a\n`,
    'a custom tag': () => `${good()}\nx: !!js/function "return 1"\n`,
    'a standard tag': () => `${good()}\nx: !!binary AAAA\n`,
    'a directive': () => `%YAML 1.1\n---\n${good()}`,
    'a NUL': () => good().replace('apiVersion: v1', 'apiVersion: "v1\u0000"'),
    'over 64 KB': () => `${good()}# ${'x'.repeat(65_536)}`,
    'an authority that is no base64': () => config({ cluster: { 'certificate-authority-data': '***' } }),
    'an authority that is no certificate': () => config({ cluster: { 'certificate-authority-data': base64(MARK) } }),
    'an authority that is a key': () => config({ cluster: { 'certificate-authority-data': base64(client.key) } }),
    'an authority with a broken certificate': () =>
      config({
        cluster: {
          'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
        },
      }),
    'no credentials': () => config({ user: {} }),
    'an empty token': () => config({ user: { token: '' } }),
    'a token that kubectl has left out': () => config({ user: { token: 'REDACTED' } }),
    'an authority that kubectl has left out': () =>
      config({ cluster: { 'certificate-authority-data': 'DATA+OMITTED' } }),
    'a token with a line break': () => config({ user: { token: `${MARK}\r\nX-Evil: 1` } }),
    'a token with a line break at its end': () => config({ user: { token: `${MARK}\n` } }),
    'a token with a space': () => config({ user: { token: `${MARK} x` } }),
    'a token beyond ASCII': () => config({ user: { token: `${MARK}é` } }),
    'a token that is a number': () => config({ user: { token: 12345 } }),
    'a certificate without its key': () => config({ user: { 'client-certificate-data': base64(client.certificate) } }),
    'a key without its certificate': () => config({ user: { 'client-key-data': base64(client.key) } }),
    "another certificate's key": () =>
      config({ user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(other.key) } }),
    'a key that is none': () =>
      config({ user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(MARK) } }),
    'a server that is no URL': () =>
      config({ cluster: { server: 'https://exa mple' } }).replace('exa mple', 'exa|mple'),
    'a server with a query': () => config({ cluster: { server: 'https://cluster.example.com/?a=1' } }),
    'a server with a fragment': () => config({ cluster: { server: 'https://cluster.example.com/#a' } }),
    'a server with an unusual path': () => config({ cluster: { server: 'https://cluster.example.com/{a}' } }),
    'a server that is a number': () => config({ cluster: { server: 6443 } }),
    'no server': () => config({ cluster: { server: undefined } }),
    'a TLS name that is none': () => config({ cluster: { 'tls-server-name': 'a b' } }),
    'a namespace of 64 characters': () => config({ context: { namespace: 'n'.repeat(64) } }),
    '__proto__ for a user': () =>
      good().replace('name: u\n', 'name: u\n    __proto__: {}\n').replace('user: u', 'user: __proto__'),
  };
  for (const [name, text] of Object.entries(texts)) {
    test(name, () => expect(refusal(text())).toBe('INVALID_KUBECONFIG'));
  }
});

describe('texts made to cost time', () => {
  const chain = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
  const bombs: Record<string, string> = {
    'an alias bomb': `a0: &a0 [x]\n${chain.join('\n')}\n`,
    'an anchor that holds itself': 'a: &a [*a]\n',
    '5,000 lists deep': '['.repeat(5000) + ']'.repeat(5000),
    '5,000 maps deep': '{a: '.repeat(5000) + '}'.repeat(5000),
    '30,000 compact lists deep': '- '.repeat(30_000),
    '30,000 explicit keys deep': '? '.repeat(30_000),
    'indented as deep as it fits': Array.from({ length: 350 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
    'twenty thousand keys': Array.from({ length: 9000 }, (_, n) => `k${n}:`).join('\n'),
    'twenty thousand keys on one line': `{${'a,'.repeat(20_000)}}`,
    'open quotes': '"'.repeat(60_000),
    'sixty thousand line breaks': '\n'.repeat(60_000),
    'sixty thousand colons': ':'.repeat(60_000),
    'a megabyte': 'a'.repeat(1_000_000),
  };
  for (const [name, text] of Object.entries(bombs)) {
    test(`${name}: refused in less than 100 ms`, () => {
      expect(cpuMs(() => expect(refusal(text)).toBe('INVALID_KUBECONFIG'))).toBeLessThan(100);
    });
  }
});
