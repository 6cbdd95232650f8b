import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CredentialsError } from '../../../../functions/providers/contract.ts';
import { decode, encode, parseCredentials } from '../../../../functions/providers/gcp/credentials.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { EXAMPLE_PROJECT, keyFile, MAIN_PROJECT } from '../../../../lib/local/clouds/gcp/accounts.ts';
import type { SampleGcp } from '../../../../lib/local/clouds/gcp/sample-gcp.ts';
import { cpuMs } from '../../../support/cpu.ts';
import { startGcp } from './sample.ts';

/** Bad inputs by class, and what must not follow from them: a call, or an echo. */
let sample: SampleGcp;
beforeAll(async () => {
  sample = await startGcp();
});
afterAll(() => sample?.close());

const good: Readonly<Record<string, unknown>> = JSON.parse(keyFile(MAIN_PROJECT));
const body = (file: unknown, change: object = {}) => ({
  serviceAccountJson: typeof file === 'string' ? file : JSON.stringify(file),
  projectId: 'sample-project-1',
  ...change,
});
const MARK = 'SECRETMARKER4711';

/** The refusal, after it was made sure that nothing was called and nothing of the input is in it. */
function refused(input: unknown): CredentialsError {
  sample.resetCalls();
  let thrown: unknown;
  const milliseconds = cpuMs(() => {
    try {
      parseCredentials(input);
    } catch (error) {
      thrown = error;
    }
  });
  expect(milliseconds).toBeLessThan(50);
  expect(sample.calls()).toEqual([]);
  if (!(thrown instanceof CredentialsError)) throw new TypeError('It was not refused.');
  const said = `${thrown.message} ${thrown.details} ${thrown.stack} ${inspect(thrown)}`;
  expect(said).not.toContain(MARK);
  expect(said).not.toContain(String(good.private_key).slice(40, 56));
  return thrown;
}

test('a key file as Google hands it out is taken, and only what signs is kept', () => {
  const credentials = parseCredentials({ ...body(good), billingDataset: 'billing_export' });
  const { privateKey, ...rest } = credentials.reveal();
  expect(rest).toEqual({
    v: 1,
    form: 'key',
    clientEmail: MAIN_PROJECT.clientEmail,
    privateKeyId: MAIN_PROJECT.privateKeyId,
    projectId: 'sample-project-1',
    billingDataset: 'billing_export',
  });
  expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(decode(encode(credentials)).reveal()).toEqual(credentials.reveal());
  expect(`${credentials} ${JSON.stringify(credentials)} ${inspect(credentials)}`).not.toContain('PRIVATE');
});

test('a text of another version is not read', () => {
  const text = JSON.parse(encode(parseCredentials(body(good))).reveal());
  expect(() => decode(new Secret(JSON.stringify({ ...text, v: 2 })))).toThrow();
  expect(() => decode(new Secret(JSON.stringify({ ...text, tokenUri: 'https://evil.example' })))).toThrow();
});

test('an absent and an empty data set are the same: none', () => {
  expect(parseCredentials(body(good)).reveal().billingDataset).toBeUndefined();
  expect(parseCredentials(body(good, { billingDataset: '' })).reveal().billingDataset).toBeUndefined();
});

describe('what is no key file', () => {
  const texts: Record<string, string> = {
    'no JSON': `{"private_key": "${MARK}"`,
    'no JSON at all': MARK,
    empty: '',
    'a list': `["${MARK}"]`,
    null: 'null',
    'text in JSON': `"${MARK}"`,
    'nested without end': `${'['.repeat(8000)}`,
    'as large as a book': JSON.stringify({ ...good, note: MARK.repeat(2000) }),
    'JSON with a comment': `// ${MARK}\n${keyFile(MAIN_PROJECT)}`,
  };
  for (const [what, text] of Object.entries(texts)) {
    test(`${what} is INVALID_CREDENTIAL, without a fragment of it`, () => {
      expect(refused(body(text)).code).toBe('INVALID_CREDENTIAL');
    });
  }

  for (const field of ['type', 'client_email', 'private_key']) {
    test(`${field} missing, null, a number or an object is INVALID_CREDENTIAL`, () => {
      for (const value of [undefined, null, 4711, { [MARK]: MARK }]) {
        expect(refused(body({ ...good, [field]: value })).code).toBe('INVALID_CREDENTIAL');
      }
    });
  }
});

describe('other credentials, which would read files, call addresses or run programs', () => {
  const url = 'http://169.254.169.254/token';
  const others: Record<string, object> = {
    'external_account of a file': { credential_source: { file: '/etc/passwd' } },
    'external_account of an address': { credential_source: { url }, token_url: url },
    'external_account of a program': { credential_source: { executable: { command: `touch /tmp/${MARK}` } } },
    external_account_authorized_user: { token_url: url },
    authorized_user: { client_id: MARK, client_secret: MARK, refresh_token: MARK },
    impersonated_service_account: { service_account_impersonation_url: url, source_credentials: {} },
    gdch_service_account: { token_uri: url },
    SERVICE_ACCOUNT: {},
  };
  for (const [what, fields] of Object.entries(others)) {
    test(`${what} is UNSUPPORTED_CREDENTIAL_TYPE`, () => {
      const type = what.split(' ')[0];
      expect(refused(body({ ...good, ...fields, type })).code).toBe('UNSUPPORTED_CREDENTIAL_TYPE');
    });
  }
});

describe('addresses in the key file', () => {
  for (const uri of [
    'http://169.254.169.254/token',
    'https://evil.example/token',
    'https://oauth2.googleapis.com.evil.example/token',
    'http://oauth2.googleapis.com/token',
    'https://oauth2.googleapis.com/token?x',
    '',
  ]) {
    test(`token_uri ${uri === '' ? 'empty' : uri} is refused`, () => {
      expect(refused(body({ ...good, token_uri: uri })).code).toBe('INVALID_CREDENTIAL');
    });
  }
  for (const domain of ['attacker.example', 'googleapis.com.attacker.example', 'GOOGLEAPIS.COM', '']) {
    test(`universe_domain ${domain === '' ? 'empty' : domain} is refused`, () => {
      expect(refused(body({ ...good, universe_domain: domain })).code).toBe('UNSUPPORTED_UNIVERSE');
    });
  }
  test('fields that nobody reads may say anything', () => {
    const odd = {
      ...good,
      auth_uri: 'http://evil.example',
      client_x509_cert_url: 'file:///etc/passwd',
      quota_project_id: 'x',
    };
    expect(parseCredentials(body(odd)).reveal()).toEqual(parseCredentials(body(good)).reveal());
  });
});

describe('private keys', () => {
  const pem = (key: KeyObject, options: object = {}) =>
    key.export({ type: 'pkcs8', format: 'pem', ...options }).toString();
  const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
  const own = MAIN_PROJECT.key;
  const sealed = { cipher: 'aes-256-cbc', passphrase: 'x' };
  const cut = pem(own).split('\n');
  const keys: Record<string, string> = {
    empty: '',
    'of an elliptic curve': pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    'of Ed25519': pem(generateKeyPairSync('ed25519').privateKey),
    'of RSA-PSS': pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
    'of 512 bit': pem(rsa(512)),
    'of 1024 bit': pem(rsa(1024)),
    'of 2047 bit': pem(rsa(2047)),
    encrypted: pem(own, sealed),
    'encrypted in the old way': own.export({ type: 'pkcs1', format: 'pem', ...sealed }).toString(),
    'a public one':
      '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----\n',
    'of 65,536 bit by its length': `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(12_000)}\n-----END PRIVATE KEY-----\n`,
    'cut in the middle': [...cut.slice(0, 10), ...cut.slice(20)].join('\n'),
    'two of them': pem(own) + pem(own),
    'with text before it': `${MARK}\n${pem(own)}`,
    'not PEM': MARK,
  };
  for (const [what, key] of Object.entries(keys)) {
    test(`${what} is INVALID_CREDENTIAL in under 50 ms`, () => {
      expect(refused(body({ ...good, private_key: key })).code).toBe('INVALID_CREDENTIAL');
    });
  }

  test('the old form of an RSA key is taken, and so are 3072 and 4096 bit', () => {
    for (const key of [own.export({ type: 'pkcs1', format: 'pem' }).toString(), pem(rsa(3072)), pem(rsa(4096))]) {
      expect(parseCredentials(body({ ...good, private_key: key })).reveal().privateKey).toMatch(/^-----BEGIN PRIVATE/);
    }
  });
});

describe('names', () => {
  const emails = [
    'a@evil.example',
    'a@gserviceaccount.com.evil.example',
    'a@evilgserviceaccount.com',
    'a@b@x.gserviceaccount.com',
    `a\n@x.gserviceaccount.com`,
    'A@x.iam.gserviceaccount.com',
    '@x.gserviceaccount.com',
    `${'a'.repeat(200)}@x.iam.gserviceaccount.com`,
  ];
  for (const email of emails) {
    test(`client_email ${JSON.stringify(email).slice(0, 60)} is INVALID_CREDENTIAL`, () => {
      expect(refused(body({ ...good, client_email: email })).code).toBe('INVALID_CREDENTIAL');
    });
  }
  test('addresses of default service accounts are taken', () => {
    for (const email of [
      '1234-compute@developer.gserviceaccount.com',
      'my-project@appspot.gserviceaccount.com',
      'a@x.example.com.iam.gserviceaccount.com',
    ]) {
      expect(parseCredentials(body({ ...good, client_email: email })).reveal().clientEmail).toBe(email);
    }
  });

  const projects = [
    '',
    'a/../b',
    'UPPER-case',
    'short',
    'has_underscore',
    '1begins-with-digit',
    'ends-with-',
    'a'.repeat(31),
    'sample-project-1\n',
    'sample project',
    'example.com:project',
    '100000000001',
    'sample-project-1?x=',
    '..%2f..',
    'ｓample-project',
  ];
  for (const projectId of projects) {
    test(`projectId ${JSON.stringify(projectId)} is INVALID_PROJECT`, () => {
      expect(refused(body(good, { projectId })).code).toBe('INVALID_PROJECT');
    });
  }

  const datasets = [
    'a`b',
    'project.dataset',
    'a\nb',
    'x; DROP TABLE y',
    'a-b',
    'a b',
    'ä',
    'a'.repeat(1025),
    '`',
    '--',
    ' ',
  ];
  for (const billingDataset of datasets) {
    test(`billingDataset ${JSON.stringify(billingDataset).slice(0, 40)} is INVALID_DATASET`, () => {
      expect(refused(body(good, { billingDataset })).code).toBe('INVALID_DATASET');
    });
  }
});

test('a service account of another project may read this one', () => {
  const { clientEmail } = parseCredentials(body(JSON.parse(keyFile(EXAMPLE_PROJECT)))).reveal();
  expect(clientEmail).toBe(EXAMPLE_PROJECT.clientEmail);
});
