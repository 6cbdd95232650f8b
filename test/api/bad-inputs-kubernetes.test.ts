import { generateKeyPairSync } from 'node:crypto';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Certified, issue, makeCa } from '../../lib/local/certificates.ts';
import { EXAMPLE_CLUSTER, MAIN_CLUSTER } from '../../lib/local/clouds/kubernetes/clusters.ts';
import { type CloudsDeployment, startCloudsDeployment } from '../support/clouds.ts';
import { pem, slowKeys } from '../support/der.ts';
import { MARK, type Refusals, refusalsOf, setTrap, type Trap } from '../support/refusals.ts';

/** What connecting a cluster must refuse, and that nothing follows from it: no file, no program, no address. */
let deployment: CloudsDeployment;
let trap: Trap;
let watch: Refusals;
let ca: Certified;
let alice: Certified;
let bob: Certified;
beforeAll(async () => {
  deployment = await startCloudsDeployment();
  trap = await setTrap(deployment.directory);
  watch = refusalsOf(deployment, 'kubernetes', trap);
  ca = await makeCa('test');
  alice = await issue(ca, { commonName: 'alice', client: true });
  bob = await issue(ca, { commonName: 'bob', client: true });
});
afterAll(async () => {
  await deployment?.stop();
  await trap?.close();
});

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const main = (): string => deployment.cloud('kubernetes').bodies.main.kubeconfig ?? '';
const TOKEN = `${MARK}.eyJhbGciOiJSUzI1NiJ9.c2lnbmF0dXJlLW9mLW5vYm9keQ`;
const SERVER = 'https://cluster.example.com:6443';

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  readonly top?: object;
}
/** A kubeconfig that would be taken, with parts of it replaced. */
const config = ({ cluster = {}, user = { token: TOKEN }, context = {}, top = {} }: Parts = {}) => ({
  apiVersion: 'v1',
  kind: 'Config',
  preferences: {},
  clusters: [
    { name: 'c', cluster: { server: SERVER, 'certificate-authority-data': base64(ca.certificate), ...cluster } },
  ],
  contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
  users: [{ name: 'u', user }],
  'current-context': 'x',
  ...top,
});
const yaml = (parts: Parts = {}): string => stringify(config(parts));
const bodyOf = (kubeconfig: unknown) => ({ name: 'Cluster', kubeconfig });

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly calls?: readonly string[];
  readonly unsaid?: readonly unknown[];
}
const UNSAFE = { status: 422, code: 'UNSAFE_KUBECONFIG' } as const;
const INVALID = { status: 422, code: 'INVALID_KUBECONFIG' } as const;
const ENDPOINT = { status: 422, code: 'UNSAFE_ENDPOINT' } as const;

/** One test of many kubeconfigs that must all be answered alike; says which one was not. */
function refuses(what: string, expected: Refused, rows: () => Readonly<Record<string, unknown>>): void {
  test(`${what}: ${expected.status} ${expected.code}`, async () => {
    for (const [row, kubeconfig] of Object.entries(rows())) {
      await watch.refused(bodyOf(kubeconfig), expected).catch((error: unknown) => {
        throw new Error(row, { cause: error });
      });
    }
  });
}

describe('kubeconfigs as the clouds hand them out', () => {
  const exec = (command: string, args: string[], more: object = {}) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command, args, ...more },
  });
  const users: Record<string, () => object> = {
    EKS: () =>
      exec('aws', ['--region', 'us-east-1', 'eks', 'get-token', '--cluster-name', 'prod', '--output', 'json'], {
        env: [{ name: 'AWS_PROFILE', value: MARK }],
      }),
    'EKS by its authenticator': () => exec('aws-iam-authenticator', ['token', '-i', 'prod']),
    GKE: () => exec('gke-gcloud-auth-plugin', [], { provideClusterInfo: true, installHint: MARK }),
    'AKS with Entra': () =>
      exec('kubelogin', ['get-token', '--login', 'devicecode', '--server-id', MARK], { interactiveMode: 'Always' }),
    'a program of a shell': () => exec('sh', ['-c', `touch ${trap.trace}`]),
    'a program by its path': () => exec(`/usr/bin/touch`, [trap.trace]),
    DigitalOcean: () => exec('doctl', ['kubernetes', 'cluster', 'kubeconfig', 'exec-credential', MARK]),
    'OpenID by a program': () => exec('kubectl', ['oidc-login', 'get-token', `--oidc-issuer-url=${trap.url}`]),
    'an old GKE': () => ({
      'auth-provider': {
        name: 'gcp',
        config: { 'cmd-path': 'touch', 'cmd-args': trap.trace, 'access-token': MARK, expiry: '2020-01-01T00:00:00Z' },
      },
    }),
    'an old AKS': () => ({
      'auth-provider': { name: 'azure', config: { 'access-token': MARK, 'refresh-token': MARK, environment: 'x' } },
    }),
    'an old OpenID': () => ({
      'auth-provider': {
        name: 'oidc',
        config: { 'idp-issuer-url': trap.url, 'refresh-token': MARK, 'client-secret': MARK },
      },
    }),
  };
  for (const [name, user] of Object.entries(users)) {
    test(`${name} is 422 UNSAFE_KUBECONFIG with the commands that make one that works`, async () => {
      const answer = await watch.refused(bodyOf(yaml({ user: user() })), UNSAFE);
      expect(answer.json).toMatchObject({
        error: expect.stringMatching(/user\.(exec|auth-provider) /),
        details: expect.stringMatching(/EKS, GKE, AKS.*kubectl apply.*set-credentials.*use-context/s),
      });
    });
  }

  test('those of a machine of its own name files, or what is only there: the text names the field', async () => {
    const extension = { extension: { provider: 'minikube.sigs.k8s.io' }, name: 'cluster_info' };
    const rows: [Parts, string][] = [
      [{ cluster: { 'certificate-authority': trap.pipe } }, 'certificate-authority'],
      [{ user: { 'client-certificate': trap.pipe, 'client-key': trap.pipe } }, 'client-certificate'],
      [{ cluster: { extensions: [extension] } }, 'extensions'],
      [{ context: { extensions: [extension] } }, 'extensions'],
      [{ user: { token: TOKEN, extensions: [extension] } }, 'extensions'],
      [{ cluster: { 'disable-compression': true } }, 'disable-compression'],
    ];
    for (const [parts, field] of rows) {
      const answer = await watch.refused(bodyOf(yaml(parts)), UNSAFE);
      expect(answer.json).toMatchObject({ error: expect.stringContaining(field) });
    }
    for (const host of ['127.0.0.1', 'localhost', '0.0.0.0']) {
      await watch.refused(bodyOf(yaml({ cluster: { server: `https://${host}:16443` } })), ENDPOINT);
    }
  });
});

test('what kubectl leaves out by itself is told as such, without a call', async () => {
  const token = main().replace(/token: .*/, 'token: REDACTED');
  const authority = main().replace(/certificate-authority-data: .*/, 'certificate-authority-data: DATA+OMITTED');
  for (const kubeconfig of [token, authority]) {
    const answer = await watch.refused(bodyOf(kubeconfig), INVALID);
    expect(answer.json).toMatchObject({ error: expect.stringContaining('--raw') });
  }
});

describe('what would run, read, forward, weaken or pretend', () => {
  refuses('in the user', UNSAFE, () => {
    const touch = { command: 'touch', args: [trap.trace], apiVersion: 'client.authentication.k8s.io/v1' };
    const users: Record<string, object> = {
      'exec beside a token': { token: TOKEN, exec: touch },
      'exec that is null': { token: TOKEN, exec: null },
      'exec that is empty': { token: TOKEN, exec: {} },
      'exec that is a text': { token: TOKEN, exec: `touch ${trap.trace}` },
      'exec in capitals': { token: TOKEN, Exec: touch },
      tokenFile: { tokenFile: trap.pipe },
      'tokenFile beside a token': { token: TOKEN, tokenFile: trap.pipe },
      'token-file': { token: TOKEN, 'token-file': trap.pipe },
      'a pipe as certificate': { 'client-certificate': trap.pipe, 'client-key-data': base64(alice.key) },
      'a pipe as key': { 'client-certificate-data': base64(alice.certificate), 'client-key': trap.pipe },
      'a device': { 'client-certificate': '/dev/zero', 'client-key': '/dev/zero' },
      'a share': { tokenFile: '\\\\attacker.example\\share\\token' },
      'an empty file name': { token: TOKEN, tokenFile: '' },
      as: { token: TOKEN, as: 'system:admin' },
      'as-groups': { token: TOKEN, 'as-groups': ['system:masters'] },
      'as-uid': { token: TOKEN, 'as-uid': '0' },
      'as-user-extra': { token: TOKEN, 'as-user-extra': { scopes: ['all'] } },
      impersonateUser: { token: TOKEN, impersonateUser: 'system:admin' },
      'a password': { username: 'admin', password: MARK },
      'a user name alone': { username: 'admin' },
      'an option nobody knows': { token: TOKEN, [MARK]: 1 },
      __proto__: JSON.parse(`{"token":"${TOKEN}","__proto__":{"exec":{"command":"touch"}}}`),
    };
    return Object.fromEntries(Object.entries(users).map(([name, user]) => [name, yaml({ user })]));
  });

  refuses('in the cluster or the context', UNSAFE, () => ({
    'proxy-url': yaml({ cluster: { 'proxy-url': trap.url } }),
    'proxy-url of SOCKS': yaml({ cluster: { 'proxy-url': `socks5://127.0.0.1:${trap.port}` } }),
    'an empty proxy-url': yaml({ cluster: { 'proxy-url': '' } }),
    'insecure-skip-tls-verify': yaml({ cluster: { 'insecure-skip-tls-verify': true } }),
    'insecure-skip-tls-verify as a text': yaml({ cluster: { 'insecure-skip-tls-verify': 'yes' } }),
    'insecure-skip-tls-verify that is false': yaml({ cluster: { 'insecure-skip-tls-verify': false } }),
    'a file for the authority': yaml({ cluster: { 'certificate-authority': '/etc/ssl/certs/ca-certificates.crt' } }),
    'a field of an old version': yaml({ cluster: { 'api-version': 'v1' } }),
    'a user in the context': yaml({ context: { as: 'root' } }),
    'a token in the context': yaml({ context: { token: MARK } }),
  }));

  refuses('however it is written', UNSAFE, () => {
    const parts = { user: { token: TOKEN, exec: { command: 'touch', args: [trap.trace] } } };
    const text = yaml(parts);
    return {
      'as JSON': JSON.stringify(config(parts)),
      'in quotes': text.replace('exec:', '"exec":'),
      'in other quotes': text.replace('exec:', "'exec':"),
      'with an escape': text.replace('exec:', '"\\x65xec":'),
      'with a letter by its number': text.replace('exec:', '"\\u0065xec":'),
      'with a blank before the colon': text.replace('exec:', 'exec :'),
      'as a flow map': stringify(config({ user: { token: TOKEN } })).replace(
        /user:\n +token: (\S+)/,
        `user: {token: $1, exec: {command: touch, args: [${trap.trace}]}}`,
      ),
      'by a merge key': text.replace('exec:', '<<:'),
      'with line ends of Windows': text.replaceAll('\n', '\r\n'),
      'behind a byte order mark': `\ufeff${text}`,
      'in the second of two names in order': text.replace('- name: u\n', '- name: v\n    user: {}\n  - name: u\n'),
    };
  });
});

describe('the server', () => {
  const at = (servers: readonly string[]) => () =>
    Object.fromEntries(servers.map((server) => [server, yaml({ cluster: { server } })]));
  refuses(
    'another protocol, a user, a port of another service',
    UNSAFE,
    at([
      'http://cluster.example.com:6443',
      'HTTP://cluster.example.com:6443',
      'ws://cluster.example.com',
      'ftp://cluster.example.com',
      'file:///etc/passwd',
      'unix:///var/run/docker.sock',
      'gopher://cluster.example.com:6443/_x',
      'data:application/json,{}',
      'javascript:alert(1)',
      'cluster.example.com:6443',
      '//cluster.example.com:6443',
      'https:cluster.example.com',
      'https:/cluster.example.com',
      'https:\\\\cluster.example.com',
      'https://cluster.example.com\\@127.0.0.1',
      'ｈttps://cluster.example.com',
      `https://user:${MARK}@cluster.example.com`,
      `https://${MARK}@cluster.example.com`,
      'https://:@cluster.example.com',
      'https://@cluster.example.com',
      'https://cluster.example.com@127.0.0.1:6443',
      'https://cluster.example.com:22',
      'https://cluster.example.com:25',
      'https://cluster.example.com:80',
      'https://cluster.example.com:0',
      'https://cluster.example.com:1023',
      'https://cluster.example.com:00022',
      'https://',
      'https://cluster.example.com /x',
      ' https://cluster.example.com',
      'https://local\thost:6443',
      'https://cluster.example.com\r\nHost: 127.0.0.1',
    ]),
  );

  refuses(
    'addresses of this machine, its network and its cloud, in whatever notation',
    ENDPOINT,
    at(
      [
        '127.0.0.1',
        '127.1',
        '127.0.1',
        '2130706433',
        '017700000001',
        '0x7f000001',
        '0x7f.0x0.0x0.0x1',
        '0177.0.0.01',
        '127.000.000.001',
        '127.0.0.1.',
        '0',
        '0.0.0.0',
        '[::1]',
        '[::]',
        '[0000:0000:0000:0000:0000:0000:0000:0001]',
        '[::ffff:7f00:1]',
        '[::ffff:127.0.0.1]',
        '[::ffff:0:127.0.0.1]',
        '[::127.0.0.1]',
        '[64:ff9b::7f00:1]',
        '[64:ff9b:1::7f00:1]',
        '[2002:7f00:1::]',
        '[::1%25lo]',
        '[::1%lo]',
        '１２７.0.0.1',
        '①②⑦.⓪.⓪.①',
        '127。0。0。1',
        '127｡0｡0｡1',
        'localhost',
        'LOCALHOST',
        'localhost.',
        'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
        'local\u00adhost',
        '%6c%6f%63%61%6c%68%6f%73%74',
        'x.localhost',
        'localhost.localdomain',
        'ip6-loopback',
        '169.254.169.254',
        '169.254.169.254.',
        '2852039166',
        '0xA9FEA9FE',
        '0251.0376.0251.0376',
        '[::ffff:a9fe:a9fe]',
        '[::ffff:169.254.169.254]',
        '169.254.170.2',
        '[fd00:ec2::254]',
        '[fd20:ce::254]',
        '[fe80::a9fe:a9fe]',
        'metadata.google.internal',
        'METADATA.google.internal.',
        'metadata',
        'instance-data.ec2.internal',
        '100.100.100.200',
        '168.63.129.16',
        '10.0.0.1',
        '10.1',
        '10.96.0.1',
        '012.1',
        '172.16.0.1',
        '172.31.255.254',
        '192.168.0.1',
        '192.168.257',
        '100.64.0.1',
        '100.127.255.254',
        '[fc00::1]',
        '[fdff:ffff::1]',
        '[::ffff:c0a8:1]',
        '[64:ff9b::a00:1]',
        '[2002:a00:1::]',
        '[2001:0:7f00:1::]',
        '198.18.0.1',
        '192.0.2.1',
        '[2001:db8::1]',
        '224.0.0.1',
        '[ff02::1]',
        '255.255.255.255',
      ].map((host) => `https://${host}:6443`),
    ),
  );

  refuses(
    'no URL of a server',
    INVALID,
    at([
      'https://:6443',
      'https://cluster.example.com:port',
      'https://cluster.example.com:65536',
      'https://cluster.example.com/?x=1',
      'https://cluster.example.com/#x',
      'https://cluster.example.com?',
      'https://cluster.example.com/{a}',
      'https://cluster.example.com/a%2fb',
      'https://exa|mple.com',
      'https://exa mple.com'.replace(' ', '^'),
      'https://cluster..example.com',
      'https://-cluster.example.com-',
      'https://*.example.com',
      `https://${'a'.repeat(64)}.example.com`,
      `https://${'a.'.repeat(200)}com`,
    ]),
  );

  test('no name but the one of the setting leads to this machine: all of them are 503, in the same bytes', async () => {
    const { port } = new URL(deployment.cloud('kubernetes').url);
    const name = MAIN_CLUSTER.host.replace(/:.*/, '');
    const hosts = [
      `${hostname().toLowerCase().replaceAll('_', '-')}:${port}`,
      `nowhere.invalid:${port}`,
      `${name}.:6443`,
      `${name}:${port}`,
      `${name}:8443`,
      `${name}.invalid:6443`,
      `x.${name}:6443`,
    ];
    const texts: string[] = [];
    for (const host of hosts) {
      const kubeconfig = main().replace(
        `server: https://${MAIN_CLUSTER.host}`,
        `server: https://${host}\n    tls-server-name: ${name}`,
      );
      const expected = { status: 503, code: 'PROVIDER_UNAVAILABLE', unsaid: [host] };
      const answer = await watch.refused(bodyOf(kubeconfig), expected);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      texts.push(answer.text);
    }
    expect(new Set(texts).size).toBe(1);
  });
});

describe('what is no kubeconfig', () => {
  refuses('another type', { status: 400, code: 'VALIDATION_FAILED' }, () => ({
    'an object': config(),
    'a list': [yaml()],
    null: null,
    'a number': 7,
    nothing: undefined,
  }));

  refuses('as a text', INVALID, () => {
    const good = yaml();
    return {
      empty: '',
      blanks: ' \n\t\n',
      'a word': MARK,
      'a path': trap.pipe,
      'an address': `${trap.url}/kubeconfig`,
      'in base64': base64(good),
      'in JSON twice': JSON.stringify(JSON.stringify(config())),
      'a list': stringify([config()]),
      'not YAML': `a: [${MARK}\nb: }`,
      'a tab for indentation': good.replace('    server', '\tserver'),
      'a pod': stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: MARK } }),
      'another version': yaml({ top: { apiVersion: 'v2' } }),
      'a list of kubeconfigs': stringify({ apiVersion: 'v1', kind: 'List', items: [config()] }),
      'a secret that holds one': stringify({ kind: 'Secret', data: { value: base64(good) } }),
      'two documents': `${good}---\n${good}`,
      'two documents, the second empty': `${good}---\n`,
      'two documents, the second of an exec': `${good}---\n${yaml({ user: { exec: { command: 'touch' } } })}`,
      'a document that ends twice': `${good}...\n---\n{}`,
      'the same key twice': `${good}current-context: x\n`,
      'the same key twice, in quotes': `${good}"current-context": x\n`,
      'two servers': good.replace('server:', 'server: https://127.0.0.1\n      server:'),
      'two tokens': good.replace('token:', 'token: a\n      token:'),
      'no current-context': yaml({ top: { 'current-context': undefined } }),
      'an empty current-context': yaml({ top: { 'current-context': '' } }),
      'a current-context that is null': yaml({ top: { 'current-context': null } }),
      'a current-context that is a number': yaml({ top: { 'current-context': 1 } }),
      'a current-context that is not there': yaml({ top: { 'current-context': MARK } }),
      'a current-context in capitals': yaml({ top: { 'current-context': 'X' } }),
      'a dangling user': yaml({ context: { user: MARK } }),
      'a dangling cluster': yaml({ context: { cluster: MARK } }),
      'no user': yaml({ context: { user: undefined } }),
      'no users': yaml({ top: { users: [] } }),
      'users by name': yaml({ top: { users: { u: { token: TOKEN } } } }),
      'two users of that name': yaml({
        top: { users: [1, 2].map((n) => ({ name: 'u', user: { token: `${MARK}${n}` } })) },
      }),
      'two clusters of that name': yaml({
        top: { clusters: [SERVER, trap.url].map((server) => ({ name: 'c', cluster: { server } })) },
      }),
      'a user that is null': yaml({ top: { users: [{ name: 'u', user: null }] } }),
      'a user that is a text': yaml({ top: { users: [{ name: 'u', user: MARK }] } }),
      '__proto__ as its name': yaml({ context: { user: '__proto__' } }),
      'an anchor': good.replace('- name: u', '- name: &a u'),
      'an alias': good.replace('name: u\n', 'name: &a u\n').replace('user: u', 'user: *a'),
      'a merge by an alias': `x: &a\n  exec: {command: touch}\n${good.replace('token:', '<<: *a\n      token:')}`,
      'a tag of a program': `${good}x: !!python/object/apply:os.system ["touch ${trap.trace}"]\n`,
      'a tag of a function': `${good}x: !!js/function "function () {}"\n`,
      'a tag that includes': `${good}x: !include ${trap.pipe}\n`,
      'a tag of the language itself': good.replace('token: ', 'token: !!str '),
      'a tag of bytes': good.replace('token: ', 'token: !!binary '),
      'a directive': `%YAML 1.1\n---\n${good}`,
      'a directive of tags': `%TAG ! tag:attacker.example,2020:\n---\n${good}`,
      'a key that is a map': `${good}? {a: b}\n: c\n`,
      'a NUL': good.replace('kind: Config', 'kind: "Config\u0000"'),
      'a NUL by its number': yaml({ user: { token: `${MARK}\0` } }),
      'half a letter': `${good}# \ud800`,
      'a control character': `${good}# \u001b[2J`,
      'over 64 KB': `${good}# ${'x'.repeat(65_536)}`,
      'over 64 KB in bytes alone': `${good}# ${'é'.repeat(32_768)}`,
      'a namespace with a slash': yaml({ context: { namespace: '../kube-system' } }),
      'a namespace of 64 letters': yaml({ context: { namespace: 'n'.repeat(64) } }),
      'a namespace that is a number': yaml({ context: { namespace: 7 } }),
      'a TLS name with a blank': yaml({ cluster: { 'tls-server-name': 'a b' } }),
      'a TLS name with a line break': yaml({ cluster: { 'tls-server-name': 'a\nb' } }),
      'a TLS name that is a URL': yaml({ cluster: { 'tls-server-name': trap.url } }),
      'no server': yaml({ cluster: { server: undefined } }),
      'a server that is a list': yaml({ cluster: { server: [SERVER] } }),
      'a server that is a number': yaml({ cluster: { server: 2130706433 } }),
    };
  });

  refuses('made to cost time', INVALID, () => {
    const chain = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
    return {
      'an alias bomb': `a0: &a0 [${MARK}]\n${chain.join('\n')}\n`,
      'an alias bomb of maps': `a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nc: {<<: [*b, *b]}\n`,
      'an anchor that holds itself': 'a: &a [*a]\n',
      '5,000 lists deep': '['.repeat(5000) + ']'.repeat(5000),
      '5,000 maps deep': '{a: '.repeat(5000) + '}'.repeat(5000),
      '60,000 brackets that nobody closes': '['.repeat(60_000),
      '30,000 compact lists deep': '- '.repeat(30_000),
      '30,000 explicit keys deep': '? '.repeat(30_000),
      'indented as deep as it fits': Array.from({ length: 350 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
      'nine thousand keys': Array.from({ length: 9000 }, (_, n) => `k${n}:`).join('\n'),
      'nine thousand contexts': `contexts:\n${'- {}\n'.repeat(9000)}`,
      'open quotes': '"'.repeat(60_000),
      'sixty thousand colons': ':'.repeat(60_000),
      'sixty thousand line breaks': '\n'.repeat(60_000),
      'sixty thousand comments': '#\n'.repeat(30_000),
      'a block text without end': `a: |\n${' x\n'.repeat(20_000)}`,
      '200 KB': 'a'.repeat(200_000),
    };
  });

  refuses('as to who calls', INVALID, () => {
    const certificate = { 'client-certificate-data': base64(alice.certificate) };
    const key = (text: string) => ({ ...certificate, 'client-key-data': base64(text) });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const sealed = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const [dsa = Buffer.alloc(0), dh = Buffer.alloc(0)] = slowKeys(65_536 / 2);
    const users: Record<string, object> = {
      nobody: {},
      'an empty token': { token: '' },
      'a token that is null': { token: null },
      'a token that is a number': { token: 1234567890 },
      'a token that is a list': { token: [TOKEN] },
      'a token with CR and LF': { token: `${TOKEN}\r\nX-Evil: 1` },
      'a token with LF at its end': { token: `${TOKEN}\n` },
      'a token with CR': { token: `${TOKEN}\r` },
      'a token with a blank': { token: `Bearer ${TOKEN}` },
      'a token with a tab': { token: `${TOKEN}\t` },
      'a token with a letter beyond ASCII': { token: `${TOKEN}é` },
      'a token with a mark of direction': { token: `${TOKEN}\u202e` },
      'a token of 20,000 characters': { token: `${MARK}${'x'.repeat(20_000)}` },
      'a certificate without its key': certificate,
      'a key without its certificate': { 'client-key-data': base64(alice.key) },
      'a key without its certificate, beside a token': { token: TOKEN, 'client-key-data': base64(alice.key) },
      "another's key": key(bob.key),
      'a key of another kind': key(rsa.export({ type: 'pkcs8', format: 'pem' }).toString()),
      'an encrypted key': key(rsa.export(sealed).toString()),
      'a key that is slow to read': key(pem('PRIVATE KEY', dsa)),
      'a key that is slow to read, under another label': key(pem('EC PRIVATE KEY', dsa)),
      'another that is slow to read': key(pem('PRIVATE KEY', dh.subarray(0))),
      'a key that is none': key(MARK),
      'a certificate for a key': key(alice.certificate),
      'a key for a certificate': { ...key(alice.key), 'client-certificate-data': base64(alice.key) },
      'a certificate without armour': { ...key(alice.key), 'client-certificate-data': base64(MARK) },
      'a certificate that is not in base64': { ...key(alice.key), 'client-certificate-data': alice.certificate },
    };
    return Object.fromEntries(Object.entries(users).map(([name, user]) => [name, yaml({ user })]));
  });

  refuses('as to the authority', INVALID, () =>
    Object.fromEntries(
      Object.entries({
        'no base64': '***',
        'base64 of a word': base64(MARK),
        'a certificate as it is': ca.certificate,
        'a certificate without armour': ca.certificate.split('\n').slice(1, -2).join(''),
        'a key': base64(alice.key),
        'a broken certificate': base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
        'a request for one': base64('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'),
        'a good one and a broken one': base64(
          `${ca.certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
        ),
        'a path': trap.pipe,
        empty: '',
        'a list': [base64('x')],
      }).map(([name, data]) => [name, yaml({ cluster: { 'certificate-authority-data': data } })]),
    ),
  );
});

describe('what a cluster refuses', () => {
  const VERSION = 'kubernetes version';
  const rejected = (...calls: string[]) => ({ status: 422, code: 'CREDENTIALS_REJECTED', calls });
  const token = () => /token: (\S+)/.exec(main())?.[1] ?? '';

  test('a wrong token, and the token of another cluster', async () => {
    const wrong = `${token().slice(0, -8)}AAAAAAAA`;
    await watch.refused(bodyOf(main().replace(token(), wrong)), rejected(VERSION));
    await watch.refused(bodyOf(main().replace(MAIN_CLUSTER.host, EXAMPLE_CLUSTER.host)), rejected(VERSION));
  });

  test('a certificate by another authority', async () => {
    const user = {
      'client-certificate-data': base64(alice.certificate),
      'client-key-data': base64(alice.key),
    };
    const cluster = /certificate-authority-data: (\S+)/.exec(main())?.[1];
    const kubeconfig = yaml({
      user,
      cluster: { server: `https://${MAIN_CLUSTER.host}`, 'certificate-authority-data': cluster },
    });
    await watch.refused(bodyOf(kubeconfig), rejected(VERSION));
  });

  test('credentials that are no longer good', async () => {
    const cloud = deployment.cloud('kubernetes');
    cloud.turn({ unauthorized: true });
    await watch.refused(bodyOf(main()), rejected(VERSION));
    cloud.turn({ unauthorized: false });
  });

  test('a server by another authority is not spoken to: 503, and it hears of no token', async () => {
    const kubeconfig = main().replace(
      /certificate-authority-data: \S+/,
      `certificate-authority-data: ${base64(ca.certificate)}`,
    );
    await watch.refused(bodyOf(kubeconfig), { status: 503, code: 'PROVIDER_UNAVAILABLE' });
  });
});

test('a cluster is one account, however its server is written', async () => {
  watch.remember(bodyOf(main()));
  const connect = (kubeconfig: string) => deployment.call('POST', '/kubernetes/connect', { body: bodyOf(kubeconfig) });
  expect((await connect(main())).status).toBe(201);
  await deployment.twin.idle();
  for (const server of [MAIN_CLUSTER.host, MAIN_CLUSTER.host.toUpperCase(), `${MAIN_CLUSTER.host}/`]) {
    const again = await connect(main().replace(MAIN_CLUSTER.host, server));
    expect([server, again.status, again.json]).toEqual([
      server,
      409,
      expect.objectContaining({ code: 'ACCOUNT_ALREADY_CONNECTED' }),
    ]);
  }
});

test('nothing secret that was sent is in a log, an audit line or an event, and nobody was called', async () => {
  expect(await watch.found()).toEqual([]);
  expect(trap.caught()).toEqual([]);
});
