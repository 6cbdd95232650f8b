import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Failure } from '../../../../functions/domain/cloud.ts';
import { resourceSchema } from '../../../../functions/domain/resource.ts';
import { facts } from '../../../../functions/providers/gcp/collectors/cloud-asset-inventory.ts';
import { gcpFacts } from '../../../../functions/providers/gcp/facts.ts';
import { HOSTS } from '../../../../functions/providers/gcp/hosts.ts';
import { LISTED_TYPES } from '../../../../functions/providers/gcp/types.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/gcp/knobs.ts';
import type { Knobs, SampleGcp } from '../../../../lib/local/clouds/gcp/sample-gcp.ts';
import { CANARY } from '../../../../lib/local/clouds/sample-cloud.ts';
import { serve } from '../../../../lib/local/loopback.ts';
import { byType, failureOf, readAll, sendTo, sorted, startGcp, within } from './sample.ts';

let sample: SampleGcp;
beforeAll(async () => {
  sample = await startGcp();
});
afterAll(() => sample?.close());
afterEach(() => {
  expect(sample.unknownCalls()).toEqual([]);
  sample.turn(defaultKnobs);
  sample.resetCalls();
  sendTo(sample.settings.endpoints ?? []);
});

const FALLBACK = ['gcp_bigquery_dataset', 'gcp_compute_instance', 'gcp_gke_cluster', 'gcp_storage_bucket'];
const operations = () =>
  sample
    .calls()
    .flatMap(({ service, operation, outcome }) => (service === 'oauth2' ? [] : [`${operation} ${outcome}`]));
const failureOfPage = (token?: string): Promise<Failure | undefined> =>
  within(sample, (collector, opened) => failureOf(collector.page(token), (error) => opened.classify(error, collector)));

describe('the inventory', () => {
  test('holds what the project holds, of every type and page, and no secret', async () => {
    sample.turn({ size: 6 });
    const { resources, tokens, unanswered } = await within(sample, (collector) => readAll(collector));
    expect(byType(resources)).toEqual(sorted(sample.held()));
    expect(tokens).toHaveLength(2);
    expect(unanswered).toBeUndefined();
    expect(operations()).toEqual(['assets.list ok', 'assets.list ok', 'assets.list ok']);
    for (const resource of resources) resourceSchema.parse(resource);
    expect(JSON.stringify(resources)).not.toContain(CANARY);
    expect(JSON.stringify(resources)).not.toContain(Buffer.from(CANARY).toString('base64'));
    const types = new Set(resources.map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining([...LISTED_TYPES]));
    expect(types.size).toBeGreaterThan(LISTED_TYPES.length + 5);
  });

  test('of an unlisted type only identity, location, state and labels are kept', async () => {
    const { resources } = await within(sample, (collector) => readAll(collector));
    const listed: readonly string[] = LISTED_TYPES;
    const unlisted = resources.filter(({ type }) => !listed.includes(type));
    expect(unlisted.length).toBeGreaterThan(50);
    for (const { configuration } of unlisted) expect(configuration).toEqual({});
    expect(unlisted.some(({ tags, created_at }) => Object.keys(tags).length > 0 && created_at !== undefined)).toBe(
      true,
    );
  });

  test('goes on from a token in another process', async () => {
    sample.turn({ size: 6 });
    const whole = await within(sample, (collector) => readAll(collector));
    const rest = await within(sample, (collector) => readAll(collector, whole.tokens[0]));
    expect(rest.resources).toEqual(whole.resources.slice(1000));
    for (const token of whole.tokens) expect(token.length).toBeLessThan(2048);
  });

  test('follows what is added, dropped and changed', async () => {
    const read = () => within(sample, (collector) => readAll(collector));
    const before = await read();
    sample.turn({
      add: [{ type: 'gcp_pubsub_topic', count: 2 }],
      drop: [{ type: 'gcp_compute_instance', index: 0 }],
      change: [{ type: 'gcp_storage_bucket', index: 3 }],
    });
    const after = await read();
    expect(byType(after.resources)).toEqual(sorted(sample.held()));
    expect(after.resources.length).toBe(before.resources.length + 1);
    const was = new Map(before.resources.map((one) => [one.external_id, JSON.stringify(one)]));
    const changed = after.resources.filter(
      (one) => was.has(one.external_id) && was.get(one.external_id) !== JSON.stringify(one),
    );
    expect(changed.map(({ type }) => type)).toEqual(['gcp_storage_bucket']);
  });

  test('every kind of the sample can be changed so that the inventory shows it', async () => {
    const read = () => within(sample, (collector) => readAll(collector));
    const before = await read();
    sample.turn({ change: [{ share: 1, turn: 3 }] });
    const after = await read();
    const was = new Map(before.resources.map((one) => [one.external_id, JSON.stringify(one)]));
    expect(after.resources.filter((one) => was.get(one.external_id) === JSON.stringify(one))).toEqual([]);
  });

  test('a scope or name that it does not have is refused', async () => {
    await within(sample, async (_, opened) => {
      for (const [name, scope] of [
        ['cloud_asset_inventory', 'global'],
        ['load', 'project'],
        ['', 'project'],
      ] as const) {
        await expect(opened.collector(name, scope)).rejects.toThrow();
      }
    });
  });
});

describe('published answers', () => {
  const fixtureSchema = z.object({
    answers: z.array(z.object({ token: z.string().nullable(), body: z.string() })),
    resources: z.array(z.unknown()),
  });
  const file = resolve(import.meta.dirname, '../../../fixtures/gcp/cloud_asset_inventory.json');
  const fixture = fixtureSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

  /** The wire answers the fixture's pages, changed as a test wants. */
  async function read(change: (body: string) => string = (body) => body) {
    const requests: string[] = [];
    const endpoint = await serve((request, response) => {
      const url = decodeURIComponent(String(request.url));
      requests.push(url);
      const fits = fixture.answers.filter(({ token }) => token === null || url.includes(token));
      response.end(change(fits.at(-1)?.body ?? '{}'));
    });
    sendTo([{ host: HOSTS.assets, url: endpoint.url }, ...(sample.settings.endpoints ?? [])]);
    try {
      return { requests, ...(await within(sample, (collector) => readAll(collector))) };
    } finally {
      await endpoint.close();
    }
  }

  test('are read as their fixture says, with the page size always sent', async () => {
    const { resources, requests } = await read();
    expect(resources).toEqual(fixture.resources);
    expect(JSON.stringify(resources)).not.toContain('canary-must-not-be-kept');
    for (const url of requests) expect(url).toContain('contentType=RESOURCE&pageSize=1000');
    expect(requests).toHaveLength(2);
  });

  test('an empty project, and an empty token, are the end of the list', async () => {
    expect((await read(() => '{"readTime":"2023-05-16T10:05:00Z"}')).resources).toEqual([]);
    expect((await read(() => '{"assets":[],"nextPageToken":""}')).tokens).toEqual([]);
  });

  const broken: Record<string, (body: string) => string> = {
    'an asset without a name': (body) => body.replaceAll(/"name": "\/\/[^"]*",/g, ''),
    'an asset without a type': (body) => body.replaceAll(/"assetType": "[^"]*",/g, ''),
    'a name that is none': (body) => body.replaceAll('"//', '"'),
    'data of another shape': (body) => body.replaceAll('"loadBalancingScheme": "EXTERNAL"', '"loadBalancingScheme": 5'),
    'a list that is none': () => '{"assets":{}}',
    'a token that is none': () => '{"assets":[],"nextPageToken":7}',
  };
  for (const [what, change] of Object.entries(broken)) {
    test(`${what} is an unexpected answer, never a silent gap`, async () => {
      const endpoint = await serve((_, response) => response.end(change(fixture.answers[0]?.body ?? '')));
      sendTo([{ host: HOSTS.assets, url: endpoint.url }, ...(sample.settings.endpoints ?? [])]);
      expect(await failureOfPage()).toEqual({ outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false });
      await endpoint.close();
    });
  }
});

describe('where Cloud Asset Inventory is switched off', () => {
  const others = {
    answered: expect.arrayContaining(FALLBACK),
    failure: { outcome: 'not_enabled', code: 'SERVICE_DISABLED', retryable: false },
  };

  test('the four lists stand in for it with the same ids, and the rest is not known', async () => {
    sample.turn({ size: 20, disabledServices: ['cloudasset'] });
    const { resources, unanswered, tokens } = await within(sample, (collector) => readAll(collector));
    const held = sorted(sample.held());
    expect(byType(resources)).toEqual(Object.fromEntries(FALLBACK.map((type) => [type, held[type]])));
    expect(unanswered).toEqual({ types: {}, others });
    expect(JSON.stringify(resources)).not.toContain(CANARY);
    // Twelve hundred instances, five hundred a page; 160 data sets, a hundred a page.
    expect(tokens).toHaveLength(7);
    for (const resource of resources) resourceSchema.parse(resource);
  });

  test('a list reads as the inventory does, where both say the same', async () => {
    const whole = await within(sample, (collector) => readAll(collector));
    sample.turn({ disabledServices: ['cloudasset'] });
    const instead = await within(sample, (collector) => readAll(collector));
    const known = new Map(whole.resources.map((one) => [one.external_id, one]));
    expect(instead.resources.length).toBeGreaterThan(90);
    for (const one of instead.resources) expect(one).toEqual(known.get(one.external_id));
  });

  test('a data set that is deleted between its list and its turn is gone, and no fault', async () => {
    sample.turn({ disabledServices: ['cloudasset'] });
    const endpoint = await serve((request, response) => {
      const isList = new URL(String(request.url), 'http://x').pathname.endsWith('/datasets');
      const datasets = [{ datasetReference: { datasetId: 'gone' } }];
      response
        .writeHead(isList ? 200 : 404)
        .end(JSON.stringify(isList ? { datasets } : { error: { message: 'Not found' } }));
    });
    sendTo([{ host: HOSTS.bigquery, url: endpoint.url }, ...(sample.settings.endpoints ?? [])]);
    const { resources, unanswered } = await within(sample, (collector) => readAll(collector));
    expect(resources.filter(({ type }) => type === 'gcp_bigquery_dataset')).toEqual([]);
    expect(unanswered?.types).toEqual({});
    await endpoint.close();
  });

  test('each list that is denied or switched off is so for its type alone, by its own permission', async () => {
    sample.turn({
      disabledServices: ['cloudasset', 'container'],
      deny: [{ service: 'compute' }, { service: 'storage', by: 'scp' }, { service: 'bigquery' }],
    });
    const { resources, unanswered } = await within(sample, (collector) => readAll(collector));
    expect(resources).toEqual([]);
    const denied = { outcome: 'denied', retryable: false };
    expect(unanswered).toEqual({
      types: {
        gcp_compute_instance: {
          ...denied,
          code: 'forbidden',
          permission: 'compute.instances.list',
          deniedBy: 'identity',
        },
        gcp_storage_bucket: {
          ...denied,
          code: 'SECURITY_POLICY_VIOLATED',
          permission: 'storage.buckets.list',
          deniedBy: 'scp',
        },
        gcp_bigquery_dataset: {
          ...denied,
          code: 'PERMISSION_NOT_GRANTED',
          permission: 'bigquery.datasets.get',
          deniedBy: 'identity',
        },
        gcp_gke_cluster: { outcome: 'not_enabled', code: 'SERVICE_DISABLED', retryable: false },
      },
      others,
    });
  });

  test('every page says all that is not answered so far, in a short token too', async () => {
    sample.turn({ disabledServices: ['cloudasset', 'compute'] });
    await within(sample, async (collector) => {
      let token: string | undefined;
      const said: number[] = [];
      do {
        const page = await collector.page(token);
        expect(page.unanswered?.others).toEqual(others);
        said.push(Object.keys(page.unanswered?.types ?? {}).length);
        token = page.next;
        if (token !== undefined) expect(token.length).toBeLessThan(1024);
      } while (token !== undefined);
      expect(said).toEqual([0, 1, 1, 1, 1]);
    });
  });

  test('data sets that may not be read are left out by their list in silence, and are told as denied', async () => {
    sample.turn({ disabledServices: ['cloudasset'], deny: [{ service: 'bigquery', operation: 'datasets.list' }] });
    const { unanswered } = await within(sample, (collector) => readAll(collector));
    expect(unanswered?.types).toMatchObject({
      gcp_bigquery_dataset: { outcome: 'denied', permission: 'bigquery.datasets.get' },
    });
    expect(operations()).not.toContain('datasets.list ok');
  });

  test('zones that GKE could not ask leave its clusters unanswered', async () => {
    sample.turn({ disabledServices: ['cloudasset'], missingZones: ['us-central1-b'] });
    const { unanswered, resources } = await within(sample, (collector) => readAll(collector));
    expect(unanswered?.types).toEqual({
      gcp_gke_cluster: { outcome: 'failed', code: 'MISSING_ZONES', retryable: false },
    });
    expect(resources.filter(({ type }) => type === 'gcp_gke_cluster').length).toBeGreaterThan(0);
  });

  test('what may pass is not passed over: the page fails, and is asked for again', async () => {
    const at = (list: string) => JSON.stringify({ at: list, why: 'SERVICE_DISABLED' });
    for (const [list, service] of [
      ['compute', 'compute'],
      ['storage', 'storage'],
      ['bigquery', 'bigquery'],
      ['container', 'container'],
    ] as const) {
      sample.turn({ disabledServices: ['cloudasset'], throttle: [{ service }], down: [] });
      expect(await failureOfPage(at(list))).toMatchObject({ outcome: 'throttled', retryable: true });
      sample.turn({ throttle: [], down: [{ service }] });
      expect(await failureOfPage(at(list))).toMatchObject({ outcome: 'failed', retryable: true });
    }
  });

  test('switched off in the middle of the list, the scan fails rather than to begin anew with less', async () => {
    sample.turn({ size: 6 });
    const { tokens } = await within(sample, (collector) => readAll(collector));
    sample.turn({ disabledServices: ['cloudasset'] });
    expect(await failureOfPage(tokens[0])).toEqual({
      outcome: 'not_enabled',
      code: 'SERVICE_DISABLED',
      retryable: false,
    });
  });
});

describe('what else can be wrong', () => {
  const cases: [string, Partial<Knobs>, Partial<Failure>][] = [
    [
      'a missing permission',
      { deny: [{ service: 'cloudasset' }] },
      {
        outcome: 'denied',
        code: 'IAM_PERMISSION_DENIED',
        permission: 'cloudasset.assets.listResource',
        deniedBy: 'identity',
        retryable: false,
      },
    ],
    [
      'a policy of the organisation',
      { deny: [{ service: 'cloudasset', by: 'scp' }] },
      {
        outcome: 'denied',
        code: 'SECURITY_POLICY_VIOLATED',
        permission: 'cloudasset.assets.listResource',
        deniedBy: 'scp',
        retryable: false,
      },
    ],
    [
      'a quota',
      { throttle: [{ service: 'cloudasset' }] },
      { outcome: 'throttled', code: 'RATE_LIMIT_EXCEEDED', retryable: true },
    ],
    ['an outage', { down: [{ service: 'cloudasset' }] }, { outcome: 'failed', code: 'UNAVAILABLE', retryable: true }],
    [
      'a disabled account',
      { disabledAccounts: ['infraaudit@sample-project-1.iam.gserviceaccount.com'] },
      { outcome: 'failed', code: 'invalid_grant', credentialsRejected: true, retryable: false },
    ],
    ['an outage of the token endpoint', { down: [{ service: 'oauth2' }] }, { outcome: 'failed', retryable: true }],
  ];
  for (const [what, knob, expected] of cases) {
    test(`${what} is told as such, and is no reason for another list`, async () => {
      sample.turn(knob);
      expect(await failureOfPage()).toMatchObject(expected);
      expect(operations().length).toBeLessThanOrEqual(1);
    });
  }

  test('a token that was revoked meanwhile is the credentials’ fault', async () => {
    await within(sample, async (collector, opened) => {
      await collector.page(undefined);
      sample.revokeTokens();
      const failure = await failureOf(collector.page(undefined), (error) => opened.classify(error, collector));
      expect(failure).toMatchObject({ outcome: 'failed', credentialsRejected: true, retryable: false });
    });
  });

  test('denied on a later page only', async () => {
    sample.turn({ size: 6 });
    const { tokens } = await within(sample, (collector) => readAll(collector));
    sample.turn({ deny: [{ service: 'cloudasset', afterPage: 1 }] });
    expect(await failureOfPage()).toBeUndefined();
    expect(await failureOfPage(tokens[0])).toMatchObject({ outcome: 'denied' });
  });

  test('a page token of a snapshot that is gone begins the list anew', async () => {
    sample.turn({ size: 6 });
    const { tokens } = await within(sample, (collector) => readAll(collector));
    sample.turn({ expireToken: [{ service: 'cloudasset' }] });
    expect(await failureOfPage(tokens[0])).toMatchObject({ outcome: 'failed', restart: true, retryable: false });
  });

  test('the same token for ever is handed on as it is, for the engine to see', async () => {
    sample.turn({ loopToken: [{ service: 'cloudasset' }] });
    await within(sample, async (collector) => {
      const first = await collector.page(undefined);
      const second = await collector.page(first.next);
      expect(second.next).toBe(first.next);
    });
  });

  test('what it believes of the quota is within what is documented', async () => {
    sample.turn({ buckets: 'documented' });
    await within(sample, async (_, opened) => {
      const quota = opened.quota('cloudasset');
      // In any minute, with the whole quota taken.
      expect((quota?.perSecond ?? 0) * 60 + (quota?.burst ?? 0)).toBeLessThanOrEqual(110);
      expect(opened.quota('compute')).toBeUndefined();
    });
  });
});

test('the permissions are those that the sample cloud asks for, and no more', async () => {
  const wanted = new Set<string>();
  const { services } = await import('../../../../lib/local/clouds/gcp/services/registered.ts');
  for (const { operations: all } of services)
    for (const { permission } of all) if (permission !== '') wanted.add(permission);
  wanted.add('bigquery.tables.getData');
  const document = gcpFacts.permissions();
  expect(document.permissions).toEqual([...wanted].sort());
  expect(document.document).toMatchObject({ includedPermissions: document.permissions });
  expect(document.permissions).toEqual(expect.arrayContaining([...facts.permissions]));
});
