import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CloudSession, Failure } from '../../../../functions/domain/cloud.ts';
import { awsFacts } from '../../../../functions/providers/aws/facts.ts';
import { open } from '../../../../functions/providers/aws/session.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/aws/knobs.ts';
import { MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../../../lib/local/clouds/aws/sample-aws.ts';

/** What each service says when it refuses, in its own protocol, code and status, is read right by the collectors. */
let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws();
  const settings = { ...CLOUD_DEFAULTS, awsEndpoints: [{ url: sample.url }] };
  Object.assign(process.env, environmentOf('clouds', settings));
});
afterAll(() => sample?.close());
afterEach(() => sample.knobs(defaultKnobs));

function session(change: object = {}): CloudSession & { close(): void } {
  const { accessKeyId, secretAccessKey, accountId } = MAIN_ACCOUNT;
  const key = { v: 1, form: 'key', accessKeyId, secretAccessKey, region: 'us-east-1', ...change } as const;
  return open(new Secret(key), accountId);
}

/** How the first call of a collector fails. */
async function failureOf(name: string, change: object = {}): Promise<Failure | undefined> {
  const opened = session(change);
  const scope = awsFacts.collectors.find((one) => one.name === name)?.scope === 'global' ? 'global' : 'us-east-1';
  try {
    const collector = await opened.collector(name, scope);
    return await collector.page(undefined).then(
      () => undefined,
      (error: unknown) => opened.classify(error, collector),
    );
  } finally {
    opened.close();
  }
}

for (const { name, permissions } of awsFacts.collectors) {
  describe(name, () => {
    test('a denial is one of its own permissions, and who denied is told', async () => {
      sample.knobs({ deny: [{}] });
      const denied = await failureOf(name);
      expect(denied).toMatchObject({ outcome: 'denied', deniedBy: 'identity', retryable: false });
      expect(permissions).toContain(denied?.permission);
      sample.knobs({ deny: [{ by: 'scp' }] });
      expect(await failureOf(name)).toMatchObject({ outcome: 'denied', deniedBy: 'scp' });
    });

    test('a throttle and a service that is down may be asked again, one that is not offered is not', async () => {
      sample.knobs({ throttle: [{}] });
      expect(await failureOf(name)).toMatchObject({ outcome: 'throttled', retryable: true });
      sample.knobs({ throttle: [], down: [{}] });
      expect(await failureOf(name)).toMatchObject({ outcome: 'failed', retryable: true });
      sample.knobs({ down: [], unsupported: [{}] });
      expect(await failureOf(name)).toMatchObject({ outcome: 'not_enabled', retryable: false });
    });

    test('a key that is not accepted any more is the credentials’ fault, not a permission that is missing', async () => {
      const rejected = { outcome: 'failed', credentialsRejected: true, retryable: false };
      expect(await failureOf(name, { accessKeyId: 'AKIA0000000000000000' })).toMatchObject(rejected);
      expect(await failureOf(name, { secretAccessKey: 'x'.repeat(40) })).toMatchObject(rejected);
    });
  });
}
