import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resourceSchema } from '../../../../functions/domain/resource.ts';
import type { AzureClient } from '../../../../functions/providers/azure/clients.ts';
import { collector as unbound } from '../../../../functions/providers/azure/collectors/resource-graph.ts';
import { parseCredentials } from '../../../../functions/providers/azure/credentials.ts';
import { classify } from '../../../../functions/providers/azure/outcomes.ts';
import { open } from '../../../../functions/providers/azure/session.ts';
import { TYPES } from '../../../../functions/providers/azure/types/names.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/azure/knobs.ts';
import type { SampleAzure } from '../../../../lib/local/clouds/azure/sample-azure.ts';
import { CANARY } from '../../../../lib/local/clouds/sample-cloud.ts';
import { byType, failureOf, readAll, sorted, startAzure, within } from './sample.ts';

const root = resolve(import.meta.dirname, '../../../..');

/** What Azure would answer, as a test writes it; what was asked is kept. */
function stub(answers: (call: Parameters<AzureClient['call']>[0], n: number) => unknown) {
  const asked: Parameters<AzureClient['call']>[0][] = [];
  const client: AzureClient = {
    async call(call) {
      asked.push(call);
      return JSON.stringify(answers(call, asked.length));
    },
    close: () => undefined,
  };
  return { asked, collector: unbound.bind(client, '11112222-3333-4444-5555-666677778888') };
}
const reader = { value: [{ actions: ['*/read'], notActions: [] }] };
const pageOf = (data: readonly unknown[], more: object = {}) => ({
  totalRecords: data.length,
  count: data.length,
  resultTruncated: 'false',
  facets: [],
  data,
  ...more,
});

describe('mappings', () => {
  const fixture = z
    .strictObject({
      scope: z.literal('subscription'),
      pages: z.strictObject({ resources: z.array(z.unknown()), containers: z.array(z.unknown()) }),
      resources: z.array(z.unknown()),
    })
    .parse(JSON.parse(readFileSync(join(root, 'test/fixtures/azure/resource_graph.json'), 'utf8')));

  test('every listed type, and others, as its reference shows it: what the fixture expects and nothing more', async () => {
    const { collector } = stub(({ path, body }) =>
      path.includes('/permissions')
        ? reader
        : pageOf(
            JSON.stringify(body).includes('resourcecontainers') ? fixture.pages.containers : fixture.pages.resources,
          ),
    );
    const { resources } = await readAll(collector);
    expect(resources).toEqual(fixture.resources);
    for (const one of resources) resourceSchema.parse(one);
    expect(JSON.stringify(resources)).not.toContain('canary');
    expect(
      [...new Set(resources.map(({ type }) => type))].filter((type) => unbound.facts.types.includes(type)).sort(),
    ).toEqual(Object.values(TYPES).sort());
  });

  test('properties of another shape, or none, answer nothing and harm nothing: unknown, never no', async () => {
    const odd = [
      null,
      'text',
      7,
      [],
      {},
      { encryption: 'x', securityRules: {}, ipConfigurations: [null, 5], state: 9 },
    ];
    const rows = Object.keys(TYPES).flatMap((type, n) =>
      odd.map((properties, m) => ({
        id: `/x/${n}/${m}`,
        name: 'x',
        type,
        location: 'westeurope',
        tags: null,
        properties,
      })),
    );
    const { collector } = stub(({ path }) => (path.includes('/permissions') ? reader : pageOf(rows)));
    const { resources } = await collector.page('resources');
    expect(resources).toHaveLength(rows.length);
    const words = resources
      .filter((one) => one.external_id.endsWith('/0') || one.external_id.endsWith('/4'))
      .flatMap(({ configuration }) => Object.values(configuration));
    expect(words).toContain('unknown');
    expect(words).not.toContain('no');
    expect(words).not.toContain('yes');
  });

  test('a row without its id or type is an unexpected answer, never a silent gap', async () => {
    const row = { id: '/x', name: 'x', type: 'microsoft.compute/disks', tags: null, properties: {} };
    for (const field of ['id', 'type', 'name']) {
      const { collector } = stub(() => pageOf([row, { ...row, [field]: null }]));
      const error = await collector.page('resources').catch((thrown: unknown) => thrown);
      expect(classify(error, collector)).toEqual({ outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false });
    }
  });
});

describe('pages', () => {
  /** @see azure-rest-api-specs, resourcegraph 2022-10-01, ResourcesFirstPageQuery and ResourcesNextPageQuery */
  const first = {
    totalRecords: 386,
    count: 3,
    resultTruncated: 'false',
    facets: [],
    $skipToken: 'eyAibm8iOiAibHVjayIsICJidXQiOiAibmljZSIsICJ0cnkiOiAiISIgfQ==',
    data: [
      {
        id: '/subscriptions/cfbbd179-59d2-4052-aa06-9270a38aa9d6/resourceGroups/RG1/providers/Microsoft.Compute/disks/yetanothertest_OsDisk_1_f396cbcb625a457bb69fe2abf5975820',
        name: 'yetanothertest_OsDisk_1_f396cbcb625a457bb69fe2abf5975820',
        type: 'microsoft.compute/disks',
        location: 'eastus',
      },
      {
        id: '/subscriptions/cfbbd179-59d2-4052-aa06-9270a38aa9d6/resourceGroups/RG2/providers/Microsoft.Automation/automationAccounts/TestAA',
        name: 'TestAA',
        type: 'microsoft.automation/automationaccounts',
        location: 'westcentralus',
      },
      {
        id: '/subscriptions/cfbbd179-59d2-4052-aa06-9270a38aa9d6/resourceGroups/RG2/providers/Microsoft.Automation/automationAccounts/TestAA/runbooks/TestRB',
        name: 'TestRB',
        type: 'microsoft.automation/automationaccounts/runbooks',
        location: 'westcentralus',
      },
    ],
  };

  test("Azure's published page is read, and the next one is asked for by its token", async () => {
    const { collector, asked } = stub((_, n) => (n === 1 ? first : pageOf([])));
    const page = await collector.page('resources');
    expect(page.next).toBe(`resources ${first.$skipToken}`);
    expect(page.resources.map(({ type, name, region }) => [type, name, region])).toEqual([
      ['azure_disk', 'yetanothertest_OsDisk_1_f396cbcb625a457bb69fe2abf5975820', 'eastus'],
      ['azure_automation_automationaccounts', 'TestAA', 'westcentralus'],
      ['azure_automation_automationaccounts_runbooks', 'TestRB', 'westcentralus'],
    ]);
    expect((await collector.page(page.next)).next).toBe('containers');
    expect(asked[1]?.body).toMatchObject({
      options: { $top: 1000, $skipToken: first.$skipToken, resultFormat: 'objectArray' },
    });
    expect(asked[1]?.body).toMatchObject({ query: expect.stringMatching(/\| order by id asc$/) });
  });

  test('rows that are missing without a token are a failure, and so is a token too long for a message', async () => {
    for (const [more, code] of [
      [{ resultTruncated: 'true' }, 'RESULT_TRUNCATED'],
      [{ $skipToken: 'x'.repeat(2000) }, 'UNEXPECTED_ANSWER'],
      [{ resultTruncated: undefined }, 'UNEXPECTED_ANSWER'],
    ] as const) {
      const { collector } = stub(() => pageOf([], more));
      const error = await collector.page('resources').catch((thrown: unknown) => thrown);
      expect(classify(error, collector)).toEqual({ outcome: 'failed', code, retryable: false });
    }
  });

  test('a token that is none of ours is refused before a call', async () => {
    const { collector, asked } = stub(() => pageOf([]));
    for (const token of ['', 'https://evil.example', 'resources a b', 'other x', 'resources\nx']) {
      await expect(collector.page(token)).rejects.toThrow();
    }
    expect(asked).toEqual([]);
  });
});

describe('against the sample Azure', () => {
  let sample: SampleAzure;
  beforeAll(async () => {
    sample = await startAzure();
  });
  afterAll(() => sample?.close());
  afterEach(() => {
    sample.turn({ ...defaultKnobs });
    sample.resetCalls();
  });
  const read = () => within(sample, (_, collector) => readAll(collector));

  test('all that is held is read, each once, of every listed type and of others, and no canary is kept', async () => {
    const { resources, unanswered } = await read();
    expect(byType(resources)).toEqual(sorted(sample.held()));
    expect(Object.keys(sample.held())).toEqual(expect.arrayContaining(Object.values(TYPES)));
    expect(Object.keys(sample.held()).length).toBeGreaterThan(Object.keys(TYPES).length);
    expect(JSON.stringify(resources)).not.toContain(CANARY);
    expect(unanswered).toEqual({ types: {} });
    expect(sample.unknownCalls()).toEqual([]);
  });

  test('several pages of a thousand are one chain, which another process goes on with from any token', async () => {
    sample.turn({ size: 6 });
    const { resources, tokens } = await read();
    expect(tokens.length).toBeGreaterThan(3);
    expect(byType(resources)).toEqual(sorted(sample.held()));
    for (const token of tokens) expect(token.length).toBeLessThan(2048);
    const from = tokens[2] ?? '';
    const rest = await within(sample, (_, collector) => readAll(collector, from));
    expect(rest.resources.length).toBeGreaterThan(0);
    expect(resources.slice(-rest.resources.length)).toEqual(rest.resources);
  });

  test('what is dropped, added and changed shows, and nothing else', async () => {
    const before = (await read()).resources;
    sample.turn({
      drop: [{ type: 'azure_disk', index: 3 }],
      add: [{ type: 'azure_redis', count: 2 }],
      change: [{ type: 'azure_key_vault', index: 0, turn: 2 }],
    });
    const after = (await read()).resources;
    expect(byType(after)).toEqual(sorted(sample.held()));
    const ids = new Set(before.map(({ external_id }) => external_id));
    expect(
      after
        .filter(({ external_id }) => !ids.has(external_id))
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['azure_redis', 'azure_redis', 'azure_resource_group']);
    const texts = new Set(before.map((one) => JSON.stringify(one)));
    const changed = after.filter((one) => ids.has(one.external_id) && !texts.has(JSON.stringify(one)));
    expect(changed.map(({ type, tags }) => [type, tags.revision])).toEqual([['azure_key_vault', 'r2']]);
  });

  test('a role without a type leaves that type out, and it is denied by name, not gone', async () => {
    const all = byType((await read()).resources);
    sample.turn({ deny: [{ type: 'Microsoft.KeyVault/vaults' }, { type: 'Microsoft.Logic/workflows' }] });
    const { resources, unanswered } = await read();
    const { azure_key_vault: _, azure_logic_workflows: __, ...others } = all;
    expect(byType(resources)).toEqual(others);
    const denied = { outcome: 'denied', code: 'AuthorizationFailed', deniedBy: 'identity', retryable: false };
    expect(unanswered).toEqual({
      types: {
        azure_key_vault: { ...denied, permission: 'Microsoft.KeyVault/vaults/read' },
        azure_logic_workflows: { ...denied, permission: 'Microsoft.Logic/workflows/read' },
      },
    });
  });

  test('a role of a few types answers those, and every other type is denied, the unknown ones for want of */read', async () => {
    const actions = [
      'Microsoft.Authorization/permissions/read',
      'Microsoft.Compute/*/read',
      'Microsoft.Storage/storageAccounts/read',
    ];
    sample.turn({ roles: [{ actions, notActions: ['Microsoft.Compute/snapshots/*'] }] });
    const { unanswered } = await read();
    const answered = [
      'azure_disk',
      'azure_storage_account',
      'azure_virtual_machine',
      'azure_virtual_machine_scale_set',
    ];
    expect([...(unanswered?.others?.answered ?? [])].sort()).toEqual(answered);
    expect(unanswered?.others?.failure).toMatchObject({ outcome: 'denied', permission: '*/read' });
    expect(Object.keys(unanswered?.types ?? {}).sort()).toEqual(
      Object.values(TYPES)
        .filter((name) => !answered.includes(name))
        .sort(),
    );
  });

  test('permissions that may not be read deny the scan, with the action that is missing', async () => {
    sample.turn({ roles: [{ actions: ['Microsoft.Compute/*/read'], notActions: [] }] });
    await within(sample, async (opened, collector) => {
      expect(await failureOf(opened, collector, collector.page(undefined))).toEqual({
        outcome: 'denied',
        code: 'AuthorizationFailed',
        permission: 'Microsoft.Authorization/permissions/read',
        deniedBy: 'identity',
        retryable: false,
      });
    });
  });

  test('roles on several pages are all read; a link to another host, or another path, is not followed and gets no token', async () => {
    sample.turn({
      roles: ['a', 'b', 'c', 'd', '*'].map((name) => ({
        actions: [name === '*' ? '*/read' : `Microsoft.${name}/x/read`, 'Microsoft.Authorization/*/read'],
        notActions: [],
      })),
    });
    expect((await read()).unanswered).toEqual({ types: {} });
    expect(sample.calls().filter(({ service }) => service === 'authorization')).toHaveLength(3);
    for (const linkHost of [
      'evil.example',
      'management.azure.com.evil.example',
      'management.azure.com@evil.example',
      'evil.example/management.azure.com',
      'management.azure.com:444',
      'management.azure.com/elsewhere',
    ]) {
      sample.turn({ linkHost });
      sample.resetCalls();
      await within(sample, async (opened, collector) => {
        expect(await failureOf(opened, collector, collector.page(undefined)), linkHost).toEqual({
          outcome: 'failed',
          code: 'UNSAFE_NEXT_LINK',
          retryable: false,
        });
      });
      expect(sample.calls().map(({ service }) => service)).toEqual(['login', 'authorization']);
    }
  });

  const outcomes: [string, Record<string, unknown>, object][] = [
    [
      'throttled',
      { throttle: [{ service: 'resourcegraph' }] },
      { outcome: 'throttled', code: 'RateLimiting', retryable: true },
    ],
    [
      'down',
      { down: [{ service: 'resourcegraph' }] },
      { outcome: 'failed', code: 'ServiceUnavailable', retryable: true },
    ],
    [
      'a page of HTML',
      { broken: [{ service: 'resourcegraph' }] },
      { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false },
    ],
    ['truncated', { truncate: true }, { outcome: 'failed', code: 'RESULT_TRUNCATED', retryable: false }],
    [
      'denied',
      { deny: [{ service: 'resourcegraph' }] },
      {
        outcome: 'denied',
        permission: 'Microsoft.ResourceGraph/resources/read',
        deniedBy: 'identity',
        retryable: false,
      },
    ],
    [
      'Entra throttled',
      { throttle: [{ service: 'login' }] },
      { outcome: 'throttled', code: 'AADSTS90055', retryable: true },
    ],
    ['Entra down', { down: [{ service: 'login' }] }, { outcome: 'failed', retryable: true }],
  ];
  for (const [what, knobs, outcome] of outcomes) {
    test(`${what}: the page fails as ${JSON.stringify(outcome)}`, async () => {
      sample.turn(knobs);
      await within(sample, async (opened, collector) => {
        expect(await failureOf(opened, collector, collector.page('resources'))).toMatchObject(outcome);
      });
    });
  }

  test('credentials that are not accepted any more say so', async () => {
    const { main } = sample.bodies;
    const session = open(
      parseCredentials({ ...main, clientSecret: 'rotated~Client.Secret-0001' }),
      main.subscriptionId ?? '',
    );
    const collector = await session.collector('resource_graph', 'subscription');
    expect(await failureOf(session, collector, collector.page(undefined))).toEqual({
      outcome: 'failed',
      code: 'AADSTS7000215',
      retryable: false,
      credentialsRejected: true,
    });
    session.close();
  });

  test('a token that has expired in mid-list begins the scan anew; a denial on a later page is a denial', async () => {
    sample.turn({ size: 6, expireToken: [{ service: 'resourcegraph', first: 1 }] });
    await within(sample, async (opened, collector) => {
      const { next } = await collector.page('resources');
      expect(await failureOf(opened, collector, collector.page(next))).toEqual({
        outcome: 'failed',
        code: 'BadRequest',
        retryable: false,
        restart: true,
      });
      expect((await collector.page(next)).resources.length).toBe(1000);
    });
    sample.turn({ deny: [{ service: 'resourcegraph', afterPage: 1 }] });
    await within(sample, async (opened, collector) => {
      const { next } = await collector.page('resources');
      expect(await failureOf(opened, collector, collector.page(next))).toMatchObject({ outcome: 'denied' });
    });
  });

  test('the same token for ever is handed on as it is: the engine sees the loop', async () => {
    sample.turn({ size: 6, loopToken: [{ service: 'resourcegraph' }] });
    await within(sample, async (_, collector) => {
      const first = await collector.page('resources');
      const second = await collector.page(first.next);
      expect(second.next).toBe(first.next);
    });
  });

  test('permissions that lead to themselves again are a loop, and do not count as read', async () => {
    sample.turn({ loopToken: [{ service: 'authorization' }] });
    await within(sample, async (opened, collector) => {
      const failure = await failureOf(opened, collector, collector.page(undefined));
      expect(failure).toEqual({ outcome: 'failed', code: 'PAGINATION_LOOP', retryable: false });
    });
  });

  test('Entra throttles: what is asked for too soon after it is throttled too, and later there is a token', async () => {
    sample.turn({ throttle: [{ service: 'login', first: 1 }] });
    await within(sample, async (opened, collector) => {
      for (let n = 0; n < 2; n += 1) {
        expect(await failureOf(opened, collector, collector.page('containers'))).toMatchObject({
          outcome: 'throttled',
        });
      }
      await sleep(1500);
      expect((await collector.page('containers')).resources.length).toBeGreaterThan(0);
    });
  });

  test('an empty quota is waited for before the next call, so that the documented rate never throttles', async () => {
    sample.turn({ buckets: 'documented' });
    await within(sample, async (_, collector) => {
      const began = performance.now();
      for (let n = 0; n < 17; n += 1) await collector.page('containers');
      expect(performance.now() - began).toBeGreaterThan(3000);
    });
    const outcomes = sample.calls().filter(({ service }) => service === 'resourcegraph');
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  });

  test('a call that hangs is given up within its time', { timeout: 40_000 }, async () => {
    sample.turn({ hang: [{ service: 'resourcegraph' }] });
    await within(sample, async (opened, collector) => {
      const began = performance.now();
      expect(await failureOf(opened, collector, collector.page('resources'))).toEqual({
        outcome: 'failed',
        code: 'TIMEOUT',
        retryable: true,
      });
      expect(performance.now() - began).toBeLessThan(25_000);
    });
  });

  test('names that are no collector, and scopes that are none of Azure, are refused', async () => {
    await within(sample, async (opened) => {
      for (const name of ['nothing', '../session', 'load', 'registered', '']) {
        await expect(opened.collector(name, 'subscription')).rejects.toThrow();
      }
      await expect(opened.collector('resource_graph', 'global')).rejects.toThrow();
    });
  });
});
