import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLE_PROJECT, MAIN_PROJECT } from '../../lib/local/clouds/gcp/accounts.ts';
import { defaultKnobs } from '../../lib/local/clouds/gcp/knobs.ts';
import { type CloudsDeployment, startCloudsDeployment } from '../support/clouds.ts';
import { hugeRsa, pem, slowKeys } from '../support/der.ts';
import { MARK, type Refusals, refusalsOf, setTrap, type Trap } from '../support/refusals.ts';

/** What connecting a project must refuse, and that nothing follows from it: no file, no program, no address. */
let deployment: CloudsDeployment;
let trap: Trap;
let watch: Refusals;
beforeAll(async () => {
  deployment = await startCloudsDeployment();
  trap = await setTrap(deployment.directory);
  watch = refusalsOf(deployment, 'gcp', trap);
});
afterAll(async () => {
  await deployment?.stop();
  await trap?.close();
});

const good = (): Readonly<Record<string, string>> => ({ name: 'Project', ...deployment.cloud('gcp').bodies.main });
/** The key file as an object, with fields of it replaced. */
const file = (change: object = {}): Record<string, unknown> => ({
  ...JSON.parse(good().serviceAccountJson ?? ''),
  ...change,
});
const bodyOf = (key: unknown, change: object = {}) => ({
  ...good(),
  serviceAccountJson: typeof key === 'string' ? key : JSON.stringify(key),
  ...change,
});
const INVALID = { status: 422, code: 'INVALID_CREDENTIAL' } as const;

/** One test of many inputs that must all be answered alike; says which one was not. */
function refuses(what: string, expected: { readonly status: number; readonly code: string }, rows: () => object): void {
  test(`${what}: ${expected.status} ${expected.code}`, async () => {
    for (const [row, body] of Object.entries(rows())) {
      await watch.refused(body, expected).catch((error: unknown) => {
        throw new Error(row, { cause: error });
      });
    }
  });
}

describe('the key file', () => {
  refuses('what is no JSON, or no key file', INVALID, () => ({
    'a word': bodyOf(MARK),
    empty: bodyOf(''),
    'cut off': bodyOf(JSON.stringify(file()).slice(0, -20)),
    YAML: bodyOf(`type: service_account\nprivate_key: ${MARK}`),
    'with a comment': bodyOf(`// ${MARK}\n${JSON.stringify(file())}`),
    'two of them': bodyOf(JSON.stringify(file()).repeat(2)),
    'in a list': bodyOf([file()]),
    'written as a text twice': bodyOf(JSON.stringify(JSON.stringify(file()))),
    'in base64': bodyOf(Buffer.from(JSON.stringify(file())).toString('base64')),
    'the path of one': bodyOf('/home/me/key.json'),
    'the address of one': bodyOf(`${trap.url}/key.json`),
    'a path of a pipe': bodyOf(trap.pipe),
    "a client's secrets": bodyOf({ installed: { client_id: 'x', client_secret: MARK, token_uri: trap.url } }),
    'the key alone': bodyOf(String(file().private_key)),
    'a certificate store': bodyOf(Buffer.alloc(2400, 0x30).toString('latin1')),
    'with a byte order mark inside': bodyOf(`{\ufeff${JSON.stringify(file()).slice(1)}`),
    'larger than any': bodyOf(file({ note: MARK.repeat(3000) })),
    'nested 8,000 deep': bodyOf('['.repeat(8000)),
    'nested deep and whole': bodyOf(`${'{"a":'.repeat(2000)}"${MARK}"${'}'.repeat(2000)}`),
    'below __proto__': bodyOf(`{"__proto__":${JSON.stringify(file())}}`),
    'below constructor': bodyOf({ constructor: { prototype: file() } }),
    'a type that is a list': bodyOf(file({ type: ['service_account'] })),
    'a type that is null': bodyOf(file({ type: null })),
    'no type': bodyOf(file({ type: undefined })),
  }));

  refuses('an object instead of a string', { status: 400, code: 'VALIDATION_FAILED' }, () => ({
    object: { ...good(), serviceAccountJson: file() },
    list: { ...good(), serviceAccountJson: [JSON.stringify(file())] },
    'a data set that is null': { ...good(), billingDataset: null },
    'a data set that is a list': { ...good(), billingDataset: ['billing_export'] },
    'a project that is a number': { ...good(), projectId: 100000000001 },
    'credentials beside it': { ...good(), credentials: file() },
    'an endpoint beside it': { ...good(), apiEndpoint: trap.url },
  }));

  refuses('other credentials', { status: 422, code: 'UNSUPPORTED_CREDENTIAL_TYPE' }, () => {
    const external = {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${trap.url}/token`,
      service_account_impersonation_url: `${trap.url}/impersonate`,
    };
    const from = (credential_source: object) => bodyOf({ ...external, credential_source });
    const asKey = (fields: object) => bodyOf(file(fields));
    return {
      'a file': from({ file: trap.pipe }),
      'an address': from({ url: `${trap.url}/subject`, headers: { Authorization: MARK } }),
      'the metadata service': from({ url: 'http://169.254.169.254/metadata/identity/oauth2/token' }),
      'a program': from({
        executable: { command: `touch ${trap.trace}`, timeout_millis: 5000, output_file: trap.pipe },
      }),
      AWS: from({ environment_id: 'aws1', region_url: trap.url, url: trap.url, imdsv2_session_token_url: trap.url }),
      'a certificate': from({ certificate: { certificate_config_location: trap.pipe } }),
      'a key file that says so as well': asKey({ ...external, credential_source: { file: trap.pipe } }),
      external_account_authorized_user: bodyOf({
        type: 'external_account_authorized_user',
        token_url: trap.url,
        client_secret: MARK,
        refresh_token: MARK,
      }),
      authorized_user: bodyOf({ type: 'authorized_user', client_id: 'x', client_secret: MARK, refresh_token: MARK }),
      impersonated_service_account: bodyOf({
        type: 'impersonated_service_account',
        service_account_impersonation_url: trap.url,
        source_credentials: { type: 'authorized_user', refresh_token: MARK },
      }),
      gdch_service_account: asKey({ type: 'gdch_service_account', token_uri: trap.url, ca_cert_path: trap.pipe }),
      'in capitals': asKey({ type: 'SERVICE_ACCOUNT' }),
      'with a blank': asKey({ type: 'service_account ' }),
      'with a letter of another alphabet': asKey({ type: 'servіce_account' }),
      empty: asKey({ type: '' }),
      __proto__: asKey({ type: '__proto__' }),
      'the second of two': bodyOf(`${JSON.stringify(file()).slice(0, -1)},"type":"external_account"}`),
    };
  });

  test('of the refusal of another type one learns how to make a key', async () => {
    const answer = await watch.refused(bodyOf(file({ type: 'authorized_user' })), {
      status: 422,
      code: 'UNSUPPORTED_CREDENTIAL_TYPE',
    });
    expect(answer.json).toMatchObject({ details: expect.stringContaining('gcloud iam service-accounts keys create') });
  });

  refuses('another token endpoint', INVALID, () =>
    Object.fromEntries(
      [
        `${trap.url}/token`,
        'http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token',
        'http://metadata.google.internal/token',
        'http://oauth2.googleapis.com/token',
        'https://oauth2.googleapis.com:8443/token',
        'https://oauth2.googleapis.com.attacker.example/token',
        `https://oauth2.googleapis.com@127.0.0.1:${trap.port}/token`,
        'https://oauth2.googleapis.com/token/../x',
        'https://oauth2.googleapis.com/token?x=1',
        'https://OAUTH2.googleapis.com/token',
        'https://oauth2.googleapis.com/token ',
        'https://oauth2.googleapis。com/token',
        'https://sts.googleapis.com/v1/token',
        'file:///etc/passwd',
        '',
        null,
        7,
        [],
        { url: trap.url },
      ].map((token_uri) => [String(token_uri), bodyOf(file({ token_uri }))]),
    ),
  );

  refuses('another universe', { status: 422, code: 'UNSUPPORTED_UNIVERSE' }, () =>
    Object.fromEntries(
      ['attacker.example', 'googleapis.com.attacker.example', 'GOOGLEAPIS.COM', 'googleapis.com.', ' ', ''].map(
        (universe_domain) => [universe_domain, bodyOf(file({ universe_domain }))],
      ),
    ),
  );

  test('fields that nobody reads may name files, programs and addresses: none is touched', async () => {
    const fields = {
      token_uri: undefined,
      auth_uri: trap.url,
      auth_provider_x509_cert_url: trap.url,
      client_x509_cert_url: `file://${trap.pipe}`,
      token_url: trap.url,
      service_account_impersonation_url: trap.url,
      credential_source: { file: trap.pipe, url: trap.url, executable: { command: `touch ${trap.trace}` } },
      quota_project_id: 'another-project',
      api_endpoint: trap.url,
      project_id: '../../another-project',
    };
    watch.remember(bodyOf(file()));
    const odd = { claims: { tenant: 'odd' } };
    const answer = await deployment.call('POST', '/gcp/connect', { ...odd, body: bodyOf(file(fields)) });
    expect(answer.status).toBe(201);
    await deployment.twin.idle();
    expect((await deployment.call('GET', '/1', odd)).json).toMatchObject({ status: 'synced', complete: true });
    expect(trap.caught()).toEqual([]);
    expect(deployment.cloud('gcp').unknownCalls()).toEqual([]);
    expect((await deployment.call('DELETE', '/1', odd)).status).toBe(204);
  });

  refuses('a private key that is none of ours to take', INVALID, () => {
    const p8 = (key: KeyObject, options: object = {}) =>
      key.export({ type: 'pkcs8', format: 'pem', ...options }).toString();
    const rsa = (modulusLength: number) => p8(generateKeyPairSync('rsa', { modulusLength }).privateKey);
    const own = MAIN_PROJECT.key;
    const sealed = { cipher: 'aes-256-cbc', passphrase: 'x' };
    const text = p8(own);
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys: Record<string, unknown> = {
      missing: undefined,
      null: null,
      'a list of lines': text.split('\n'),
      empty: '',
      'a word': MARK,
      'without its lines around it': text.split('\n').slice(1, -2).join(''),
      'with breaks written out': text.replaceAll('\n', '\\n'),
      'on one line': text.replaceAll('\n', ''),
      'of an elliptic curve': p8(curve.privateKey),
      'of an elliptic curve, the old form': curve.privateKey.export({ type: 'sec1', format: 'pem' }),
      'of Ed25519': p8(generateKeyPairSync('ed25519').privateKey),
      'of RSA-PSS': p8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
      'of 512 bit': rsa(512),
      'of 1024 bit': rsa(1024),
      'of 65,536 bit': pem('RSA PRIVATE KEY', hugeRsa(65_536)),
      'of 16,384 bit': pem('RSA PRIVATE KEY', hugeRsa(16_384)),
      'of DSA, slow to read': pem('PRIVATE KEY', slowKeys(16_384)[0] ?? Buffer.alloc(0)),
      'of Diffie-Hellman, slow to read': pem('PRIVATE KEY', slowKeys(8192)[1] ?? Buffer.alloc(0)),
      'of DSA under another label': pem('RSA PRIVATE KEY', slowKeys(16_384)[0] ?? Buffer.alloc(0)),
      encrypted: p8(own, sealed),
      'encrypted in the old way': own.export({ type: 'pkcs1', format: 'pem', ...sealed }),
      'a public key': curve.publicKey.export({ type: 'spki', format: 'pem' }),
      'a certificate': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      'of OpenSSH': `-----BEGIN OPENSSH PRIVATE KEY-----\n${MARK}\n-----END OPENSSH PRIVATE KEY-----\n`,
      'two of them': text + text,
      'with a NUL': `${text}\0`,
      'a path': trap.pipe,
    };
    return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, bodyOf(file({ private_key: key }))]));
  });

  refuses('an address that is no service account', INVALID, () =>
    Object.fromEntries(
      [
        'me@gmail.com',
        'a@attacker.example',
        'a@gserviceaccount.com.attacker.example',
        'a@attackergserviceaccount.com',
        'a@gserviceaccount.com',
        'a@b@p.iam.gserviceaccount.com',
        'a@p.iam.gserviceaccount.com\n',
        'a@p.iam.gserviceaccount.com, b@p.iam.gserviceaccount.com',
        'A@p.iam.gserviceaccount.com',
        'a@p.iam.gserviceaccount.com.',
        'a@p.iam.gserviceaccount。com',
        'а@p.iam.gserviceaccount.com',
        '"a b"@p.iam.gserviceaccount.com',
        '@p.iam.gserviceaccount.com',
        `a@${'p.'.repeat(6000)}x`,
        '',
        null,
        ['a@p.iam.gserviceaccount.com'],
      ].map((client_email) => [String(client_email).slice(0, 60), bodyOf(file({ client_email }))]),
    ),
  );

  refuses("a key's id that is none", INVALID, () =>
    Object.fromEntries(
      ['', `${MARK}`, 'a\r\nb', '../x', null, 7].map((id) => [String(id), bodyOf(file({ private_key_id: id }))]),
    ),
  );
});

describe('names', () => {
  refuses('a project that is none', { status: 422, code: 'INVALID_PROJECT' }, () =>
    Object.fromEntries(
      [
        'a/../b',
        '../my-gcp-project',
        'My-GCP-Project',
        'short',
        '1-project',
        'project-',
        'under_score',
        'example.com:project',
        '100000000002',
        'projects/my-gcp-project',
        'my-gcp-project/',
        'my-gcp-project?x=1',
        'my-gcp-project#',
        'my-gcp-project\n',
        ' my-gcp-project',
        'my-gcp-project%2f..',
        'my‐gcp‐project',
        'ｍy-gcp-project',
        'a'.repeat(31),
        'a'.repeat(10_000),
        '-',
        '*',
        '',
      ].map((projectId) => [projectId.slice(0, 40), { ...good(), projectId }]),
    ),
  );

  refuses('a data set that is none', { status: 422, code: 'INVALID_DATASET' }, () =>
    Object.fromEntries(
      [
        'billing`export',
        '`',
        'project.billing_export',
        'billing_export.table',
        'billing\nexport',
        'billing_export\n',
        'x; DROP TABLE y',
        "x' OR '1'='1",
        'x -- y',
        'x/*y*/',
        '@from',
        '$table',
        '\\',
        'billing-export',
        'billing export',
        ' ',
        'bílling',
        'ｂilling',
        'a\0b',
        '*',
        'x'.repeat(1025),
        '../x',
      ].map((billingDataset) => [billingDataset.slice(0, 40), { ...good(), billingDataset }]),
    ),
  );
});

describe('what Google refuses', () => {
  const TOKEN = 'oauth2 token';
  const READ = 'cloudresourcemanager projects.get';
  const rejected = (...calls: string[]) => ({ status: 422, code: 'CREDENTIALS_REJECTED', calls });

  test("a key that is another account's, or of an account that is gone, is refused by one call", async () => {
    const other = EXAMPLE_PROJECT.key.export({ type: 'pkcs8', format: 'pem' });
    await watch.refused(bodyOf(file({ private_key: other })), rejected(TOKEN));
    const gone = 'gone@sample-project-1.iam.gserviceaccount.com';
    await watch.refused(bodyOf(file({ client_email: gone })), { ...rejected(TOKEN), unsaid: [gone] });
  });

  test('a disabled account is refused, with the word of Google and no other', async () => {
    const cloud = deployment.cloud('gcp');
    cloud.turn({ disabledAccounts: [MAIN_PROJECT.clientEmail] });
    const answer = await watch.refused(good(), rejected(TOKEN));
    cloud.turn({ disabledAccounts: [] });
    expect(answer.json).toMatchObject({ details: 'invalid_grant' });
  });

  test("another's project, one that does not exist, and one that may not be read, are refused in the same bytes", async () => {
    const texts: string[] = [];
    for (const projectId of [EXAMPLE_PROJECT.projectId, 'no-such-project-1']) {
      const expected = { ...rejected(TOKEN, READ), unsaid: [projectId] };
      texts.push((await watch.refused({ ...good(), projectId }, expected)).text);
    }
    expect(new Set(texts).size).toBe(1);
  });
});

describe('a billing export that is not there', () => {
  const { billing } = defaultKnobs;
  const rows: [string, string, object, Readonly<Record<string, unknown>>, object][] = [
    ['absent', 'no-dataset', {}, { billing: { ...billing, dataset: false } }, { error_code: 'DATASET_NOT_FOUND' }],
    ['of another name', 'other-dataset', { billingDataset: 'other_set' }, {}, { error_code: 'DATASET_NOT_FOUND' }],
    ['empty', 'no-table', {}, { billing: { ...billing, table: false } }, { error_code: 'EXPORT_NOT_FOUND' }],
    ['not named', 'not-configured', { billingDataset: '' }, {}, { error_code: 'NOT_CONFIGURED' }],
    [
      'forbidden',
      'forbidden',
      {},
      { deny: [{ service: 'bigquery', operation: 'tables.getData' }] },
      { outcome: 'denied', permission: 'bigquery.tables.getData' },
    ],
    [
      'switched off',
      'switched-off',
      {},
      { disabledServices: ['bigquery'] },
      { outcome: 'not_enabled', error_code: 'SERVICE_DISABLED' },
    ],
  ];
  test.each(rows)(
    '%s: 201, the costs say so, and the inventory is unharmed',
    async (_, tenant, change, knobs, said) => {
      const cloud = deployment.cloud('gcp');
      const who = { claims: { tenant } };
      cloud.turn(knobs);
      const answer = await deployment.call('POST', '/gcp/connect', { ...who, body: { ...good(), ...change } });
      expect(answer.status).toBe(201);
      await deployment.twin.idle();
      await deployment.twin.tick();
      await deployment.twin.idle();
      cloud.turn({ billing, deny: [], disabledServices: [] });
      expect((await deployment.call('GET', '/1', who)).json).toMatchObject({ status: 'synced', complete: true });
      const costs = await deployment.call('GET', '/1/costs', who);
      expect(costs).toMatchObject({ status: 200, json: { source: said, costs: [] } });
      expect((await deployment.call('DELETE', '/1', who)).status).toBe(204);
    },
  );
});

test('nothing that was sent is in a log, an audit line or an event, and nobody was called', async () => {
  expect(await watch.found()).toEqual([]);
  expect(trap.caught()).toEqual([]);
});
