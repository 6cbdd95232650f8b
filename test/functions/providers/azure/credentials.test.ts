import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decode, encode, parseCredentials } from '../../../../functions/providers/azure/credentials.ts';
import { azureFacts } from '../../../../functions/providers/azure/facts.ts';
import { CredentialsError } from '../../../../functions/providers/contract.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import type { SampleAzure } from '../../../../lib/local/clouds/azure/sample-azure.ts';
import { startAzure } from './sample.ts';

let sample: SampleAzure;
beforeAll(async () => {
  sample = await startAzure();
});
afterAll(() => sample?.close());

const good = {
  clientId: '00000000-0000-0000-0000-000000000001',
  clientSecret: 'your-client-secret',
  tenantId: '00000000-0000-0000-0000-000000000002',
  subscriptionId: '00000000-0000-0000-0000-000000000003',
};
const GUID = good.tenantId;

/** Values that stand for no id of Azure's: other notations, other names of a tenant, paths, hosts, line breaks. */
const NOT_GUIDS = [
  'common',
  'organizations',
  'consumers',
  'contoso.onmicrosoft.com',
  'contoso.com',
  '../x',
  'x/../../providers',
  `${GUID}/../${GUID}`,
  `${GUID}?x=1`,
  `${GUID}#`,
  `${GUID}%2f..`,
  ` ${GUID}`,
  `${GUID}\n`,
  `${GUID}\r\nx: y`,
  `{${GUID}}`,
  GUID.replaceAll('-', ''),
  GUID.replaceAll('0', '０'),
  'https://login.microsoftonline.com',
  '@evil.example',
  '',
  '0'.repeat(36),
];
const NOT_SECRETS = [
  '',
  'short',
  'with space in it',
  'line\r\nbreak-secret',
  'tab\tsecret-x',
  'nul\0secret-xx',
  'sécret-secret',
  'x'.repeat(257),
];

for (const field of ['clientId', 'tenantId', 'subscriptionId'] as const) {
  test(`${field} is a GUID in Azure's own notation, or refused without a call and without an echo`, () => {
    for (const value of NOT_GUIDS) refused({ ...good, [field]: value }, value, field);
  });
}

test('a client secret with blanks, line breaks or other alphabets is refused without a call and without an echo', () => {
  for (const value of NOT_SECRETS) refused({ ...good, clientSecret: value }, value, 'clientSecret');
});

function refused(body: object, value: string, field: string): void {
  sample.resetCalls();
  let error: unknown;
  try {
    parseCredentials(body);
  } catch (thrown) {
    error = thrown;
  }
  expect(error, JSON.stringify(value)).toBeInstanceOf(CredentialsError);
  expect(error).toMatchObject({ code: 'INVALID_CREDENTIAL', message: expect.stringContaining(field) });
  if (value.trim() !== '') expect(inspect(error)).not.toContain(value);
  expect(sample.calls()).toEqual([]);
  expect(sample.unknownCalls()).toEqual([]);
}

test('the body is strict: fields that are missing, of another type or not known are refused before anything is read', () => {
  const { tenantId: _, ...without } = good;
  const bodies = [
    without,
    { ...good, clientSecret: 1 },
    { ...good, tenantId: null },
    { ...good, endpoint: 'https://evil.example' },
  ];
  for (const body of bodies) expect(azureFacts.body.safeParse(body).success).toBe(false);
  expect(azureFacts.body.safeParse(good).success).toBe(true);
});

test('ids are one however they are typed, and the secret is left as it is', () => {
  const body = { ...good, tenantId: 'ABCDEFAB-0000-0000-0000-00000000000A', clientSecret: 'Ab~.-_/+=:[?]Cd' };
  expect(parseCredentials(body).reveal()).toMatchObject({
    tenantId: 'abcdefab-0000-0000-0000-00000000000a',
    clientSecret: 'Ab~.-_/+=:[?]Cd',
  });
});

test('what is stored comes back as it was, says its version, and is shown by nobody who prints it', () => {
  const credentials = parseCredentials(good);
  const text = encode(credentials);
  expect(decode(text).reveal()).toEqual(credentials.reveal());
  expect(JSON.parse(text.reveal())).toMatchObject({ v: 1, form: 'client-secret' });
  for (const shown of [inspect(credentials), JSON.stringify(credentials), String(credentials), inspect(text)]) {
    expect(shown).not.toContain(good.clientSecret);
  }
  expect(() => decode(new Secret(text.reveal().replace('"v":1', '"v":2')))).toThrow();
});
