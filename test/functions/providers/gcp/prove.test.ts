import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CloudUnavailableError, CredentialsError } from '../../../../functions/providers/contract.ts';
import { connecting } from '../../../../functions/providers/gcp/prove.ts';
import { EXAMPLE_PROJECT, keyFile, MAIN_PROJECT } from '../../../../lib/local/clouds/gcp/accounts.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/gcp/knobs.ts';
import type { Knobs, SampleGcp } from '../../../../lib/local/clouds/gcp/sample-gcp.ts';
import { serve } from '../../../../lib/local/loopback.ts';
import { mainCredentials, sendTo, startGcp } from './sample.ts';

let sample: SampleGcp;
beforeAll(async () => {
  sample = await startGcp();
});
afterAll(() => sample?.close());
afterEach(() => {
  sample.turn(defaultKnobs);
  sample.resetCalls();
  sendTo(sample.settings.endpoints ?? []);
});

const prove = (change: object = {}) => connecting.prove(mainCredentials(sample, change));
async function refusal(change: object = {}): Promise<unknown> {
  return prove(change).then(
    () => undefined,
    (error: unknown) => error,
  );
}
const rejected = (details: string) =>
  expect.objectContaining({ name: 'CredentialsError', code: 'CREDENTIALS_REJECTED', details });

test('a good key is proven by one token and one read of the project, whose id is the account', async () => {
  expect(await prove()).toEqual({ account: 'sample-project-1' });
  expect(sample.calls().map(({ service, operation, outcome }) => `${service} ${operation} ${outcome}`)).toEqual([
    'oauth2 token ok',
    'cloudresourcemanager projects.get ok',
  ]);
});

describe('a definite no is CREDENTIALS_REJECTED', () => {
  test('a key that is not the account’s any more', async () => {
    const other = {
      ...JSON.parse(keyFile(MAIN_PROJECT)),
      private_key: JSON.parse(keyFile(EXAMPLE_PROJECT)).private_key,
    };
    expect(await refusal({ serviceAccountJson: JSON.stringify(other) })).toEqual(rejected('invalid_grant'));
  });

  test('an account that does not exist, or is disabled', async () => {
    const none = {
      ...JSON.parse(keyFile(MAIN_PROJECT)),
      client_email: 'gone@sample-project-1.iam.gserviceaccount.com',
    };
    expect(await refusal({ serviceAccountJson: JSON.stringify(none) })).toEqual(rejected('invalid_grant'));
    sample.turn({ disabledAccounts: [MAIN_PROJECT.clientEmail] });
    expect(await refusal()).toEqual(rejected('invalid_grant'));
  });

  test('a project that does not exist reads as one that may not be read', async () => {
    const missing = await refusal({ projectId: 'no-such-project' });
    expect(missing).toEqual(rejected('IAM_PERMISSION_DENIED'));
    expect(await refusal({ projectId: 'my-gcp-project' })).toEqual(missing);
    expect(await refusal({ serviceAccountJson: sample.outsiderJson })).toEqual(missing);
  });

  test('an API that is switched off is named', async () => {
    sample.turn({ disabledServices: ['cloudresourcemanager'] });
    const error = await refusal();
    expect(error).toEqual(rejected('SERVICE_DISABLED'));
    expect(error instanceof CredentialsError && error.message).toContain('cloudresourcemanager.googleapis.com');
  });
});

describe('no word on the credentials is 503', () => {
  const knobs: Record<string, Partial<Knobs>> = {
    'the token endpoint is down': { down: [{ service: 'oauth2' }] },
    'the token endpoint throttles': { throttle: [{ service: 'oauth2' }] },
    'the API is down': { down: [{ service: 'cloudresourcemanager' }] },
    'the API throttles': { throttle: [{ service: 'cloudresourcemanager' }] },
  };
  for (const [what, knob] of Object.entries(knobs)) {
    test(`${what}, and nothing is tried again`, async () => {
      sample.turn(knob);
      expect(await refusal()).toBeInstanceOf(CloudUnavailableError);
      expect(sample.calls().length).toBeLessThanOrEqual(2);
    });
  }

  test('a clock that is off', async () => {
    const text = 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
    const said = {
      error: 'invalid_grant',
      error_description: `${text} Check your iat and exp values in the JWT claim.`,
    };
    const endpoint = await serve((_, response) => response.writeHead(400).end(JSON.stringify(said)));
    sendTo([{ host: 'oauth2.googleapis.com', url: endpoint.url }]);
    expect(await refusal()).toBeInstanceOf(CloudUnavailableError);
    await endpoint.close();
  });

  test('an answer that is none: no JSON, another project, no token', async () => {
    const answers = ['<html>', '{}', '{"projectId":"another-project","state":"ACTIVE"}'];
    for (const host of ['oauth2.googleapis.com', 'cloudresourcemanager.googleapis.com']) {
      for (const text of answers) {
        const endpoint = await serve((_, response) => response.end(text));
        sendTo([{ host, url: endpoint.url }, ...(sample.settings.endpoints ?? [])]);
        expect(await refusal()).toBeInstanceOf(CloudUnavailableError);
        await endpoint.close();
      }
    }
  });

  test('silence ends within five seconds', async () => {
    sample.turn({ hang: [{ service: 'cloudresourcemanager' }] });
    const before = performance.now();
    expect(await refusal()).toBeInstanceOf(CloudUnavailableError);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test('nobody there, a name that is none and an address that refuses read alike', async () => {
    const said: string[] = [];
    for (const url of ['http://127.0.0.1:1', 'http://no-such-host.invalid', 'https://127.0.0.1:1']) {
      sendTo([{ host: 'oauth2.googleapis.com', url }]);
      const error = await refusal();
      said.push(`${error instanceof Error ? `${error.name} ${error.message}` : ''}`);
    }
    expect(new Set(said).size).toBe(1);
    expect(said[0]).toContain('CloudUnavailableError');
  });
});
