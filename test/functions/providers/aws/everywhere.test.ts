import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Resource } from '../../../../functions/domain/resource.ts';
import { awsFacts } from '../../../../functions/providers/aws/facts.ts';
import { scopes } from '../../../../functions/providers/aws/scopes.ts';
import { open } from '../../../../functions/providers/aws/session.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/aws/knobs.ts';
import { MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../../../lib/local/clouds/aws/sample-aws.ts';

/** AWS WAF keeps what protects CloudFront apart from every region's own, us-east-1's too, where both are asked for. */
const TYPE = 'wafv2_web_acl';
const { accountId, accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
const credentials = new Secret({
  v: 1 as const,
  form: 'key' as const,
  accessKeyId,
  secretAccessKey,
  region: 'eu-west-1',
});

let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws();
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [{ url: sample.url }] }));
});
afterAll(() => sample?.close());
afterEach(() => sample.knobs(defaultKnobs));

async function aclsOf(scope: string): Promise<readonly Resource[]> {
  const session = open(credentials, accountId);
  try {
    return (await (await session.collector(TYPE, scope)).page(undefined)).resources;
  } finally {
    session.close();
  }
}
const ids = (resources: readonly Resource[]): string[] => resources.map((one) => one.external_id).sort();

test('a type that is everywhere has a scope for every enabled region and one more for the world', async () => {
  const { byKind } = await scopes(credentials, []);
  const regions = [...sample.regions()].sort();
  expect(byKind).toEqual({ everywhere: ['global', ...regions], global: ['global'], region: regions });
  expect(awsFacts.collectors.find(({ name }) => name === TYPE)?.scope).toBe('everywhere');
});

test('its global scope and us-east-1 hold different things, each under its own region', async () => {
  const held = sample.inventory(accountId)[TYPE] ?? {};
  for (const scope of ['global', 'us-east-1', 'eu-west-1']) {
    const found = await aclsOf(scope);
    expect(ids(found)).toEqual([...(held[scope] ?? [])].sort());
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ region }) => region))).toEqual(new Set([scope]));
  }
  expect(sample.counts(accountId)[TYPE]).toMatchObject({ global: held.global?.length, 'us-east-1': 2 });
});

test('a knob about one of the two leaves the other alone', async () => {
  const before = await aclsOf('us-east-1');
  sample.knobs({ add: [{ type: TYPE, region: 'global', count: 3 }] });
  expect(ids(await aclsOf('us-east-1'))).toEqual(ids(before));
  expect(await aclsOf('global')).toHaveLength(sample.inventory(accountId)[TYPE]?.global?.length ?? 0);
  expect(await aclsOf('global')).toHaveLength(5);
});
