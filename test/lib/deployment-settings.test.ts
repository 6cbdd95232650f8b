import { expect, test } from 'vitest';
import { CLOUD_DEFAULTS } from '../../functions/runtime/links.ts';
import { DeploymentSettingsError, deploymentSettings } from '../../lib/deployment-settings.ts';
import { SETTINGS, stackOf, synthesized } from './synthesized.ts';

const read = (settings: Readonly<Record<string, unknown>>) => deploymentSettings((key) => settings[key]);
const SECRET_ARN = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:tokens-AbCdEf';

test('what is not set has the documented default', () => {
  expect(read(SETTINGS)).toEqual({
    stackName: 'infraaudit-providers',
    tokens: {
      issuer: SETTINGS.tokenIssuer,
      audience: SETTINGS.tokenAudience,
      jwksUrl: SETTINGS.tokenJwksUrl,
      tenantClaim: 'sub',
      roleClaim: 'infraaudit_role',
      defaultRole: 'admin',
    },
    clouds: CLOUD_DEFAULTS,
    allowedOrigins: [],
    alarmEmail: undefined,
    secretsKey: 'customer-managed',
    reservedConcurrency: undefined,
    missing: [],
  });
});

test('text of the command line and JSON of cdk.json say the same', () => {
  const endpoint = { accessKeyIds: ['AKIAEXAMPLE'], url: 'http://127.0.0.1:5000' };
  const json = {
    apiShare: 0.25,
    regions: ['eu-central-1', 'us-gov-east-1'],
    allowedOrigins: ['https://a.test', 'http://localhost:3000'],
    awsEndpoints: [endpoint],
    reservedConcurrency: 10,
  };
  const text = {
    apiShare: '0.25',
    regions: 'eu-central-1,us-gov-east-1',
    allowedOrigins: 'https://a.test,http://localhost:3000',
    awsEndpoints: JSON.stringify([endpoint]),
    reservedConcurrency: '10',
  };
  expect(read({ ...SETTINGS, ...text })).toEqual(read({ ...SETTINGS, ...json }));
  expect(read({ ...SETTINGS, ...json })).toMatchObject({ clouds: { apiShare: 0.25, awsEndpoints: [endpoint] } });
});

test('an empty text takes a setting back', () => {
  expect(read({ ...SETTINGS, roleClaim: '', alarmEmail: '' })).toEqual(read(SETTINGS));
});

test('a role may be found down a path of claims, or under a claim that is a URL', () => {
  for (const roleClaim of ['app_metadata.role', 'https://example.test/role']) {
    expect(read({ ...SETTINGS, roleClaim }).tokens.roleClaim).toBe(roleClaim);
  }
});

const { tokenJwksUrl: _, ...withoutKey } = SETTINGS;
test.each([
  ['stackName', { stackName: '1st_stack' }],
  ['tokenIssuer', { tokenIssuer: undefined }],
  ['tokenAudience', { tokenAudience: undefined }],
  ['tokenJwksUrl', { tokenJwksUrl: 'http://issuer.test/keys' }],
  ['tokenJwksUrl or tokenSecretArn', { tokenJwksUrl: undefined }],
  ['tokenJwksUrl or tokenSecretArn', { tokenSecretArn: SECRET_ARN }],
  ['tokenSecretArn', { ...withoutKey, tokenJwksUrl: undefined, tokenSecretArn: 'correct-horse-battery-staple' }],
  ['tenantClaim', { tenantClaim: 'user_metadata.tenant' }],
  ['roleClaim', { roleClaim: 'user_metadata' }],
  ['roleClaim', { roleClaim: 'user_metadata.role' }],
  ['roleClaim', { roleClaim: 'a..b' }],
  ['defaultRole', { defaultRole: 'owner' }],
  ['allowedOrigins.0', { allowedOrigins: '*' }],
  ['allowedOrigins.1', { allowedOrigins: 'https://a.test,https://b.test/path' }],
  ['alarmEmail', { alarmEmail: 'nobody' }],
  ['secretsKey', { secretsKey: 'none' }],
  ['apiShare', { apiShare: 0 }],
  ['apiShare', { apiShare: '1.5' }],
  ['apiShare', { apiShare: 'half' }],
  ['regions.0', { regions: 'everywhere' }],
  ['awsEndpoints', { awsEndpoints: '{oops' }],
  ['reservedConcurrency', { reservedConcurrency: '1.5' }],
])('a setting that breaks its rule is refused by name: %s', (key, settings) => {
  const attempt = () => read({ ...SETTINGS, ...settings });
  expect(attempt).toThrow(DeploymentSettingsError);
  expect(attempt).toThrow(`${key} `);
});

test('a refusal never repeats a value', () => {
  const secret = 'correct-horse-battery-staple';
  expect(() => read({ ...SETTINGS, tokenSecretArn: secret, awsEndpoints: secret, regions: secret })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('horse') }),
  );
});

test('without any token setting the stack can be looked at, but asks for a parameter that no value fits', () => {
  const parameters = Object.entries(templateOf({}));
  expect(parameters).toHaveLength(1);
  const [[name, parameter] = ['', {}]] = parameters;
  expect(name).toBe('TokenSettingsAreMissing');
  expect(parameter).not.toHaveProperty('Default');
  expect(parameter).toMatchObject({
    AllowedPattern: '(?!)',
    ConstraintDescription: expect.stringContaining('tokenIssuer, tokenAudience, tokenJwksUrl or tokenSecretArn'),
  });
  expect(templateOf(SETTINGS)).toEqual({});
});

function templateOf(settings: Readonly<Record<string, unknown>>): object {
  const { app, stack, done } = stackOf(settings);
  const { Parameters = {} } = app.synth().getStackArtifact(stack.artifactId).template;
  done();
  const { BootstrapVersion: _version, ...own } = Parameters;
  return own;
}

test('concurrency is reserved for functions behind the API only: a queue’s would send its messages to the dead letters', () => {
  const { functions } = synthesized({ ...SETTINGS, reservedConcurrency: 7 });
  expect(functions.get('get-provider')?.properties).toHaveProperty('ReservedConcurrentExecutions', 7);
  for (const name of ['schedule-syncs', 'plan-sync', 'collect-aws', 'fail-task']) {
    expect(functions.get(name)?.properties).not.toHaveProperty('ReservedConcurrentExecutions');
  }
});
