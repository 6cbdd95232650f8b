import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defaultKnobs } from '../../../../../lib/local/clouds/kubernetes/knobs.ts';
import {
  MAIN_CLUSTER,
  type SampleKubernetes,
  startSampleKubernetes,
} from '../../../../../lib/local/clouds/kubernetes/sample-kubernetes.ts';

let sample: SampleKubernetes;
let agent: Agent;
const token = () => /token: (.*)/.exec(sample.bodies.main.kubeconfig ?? '')?.[1] ?? '';
const listSchema = z.looseObject({
  kind: z.string(),
  metadata: z.object({ continue: z.string().optional() }).loose(),
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
});

beforeAll(async () => {
  sample = await startSampleKubernetes();
  agent = new Agent({ connect: { ca: sample.keys.ca.certificate, servername: 'sample-cluster.example.com' } });
});
beforeEach(() => sample.turn(defaultKnobs));
afterAll(async () => {
  await agent.destroy();
  await sample.close();
});

async function ask(path: string, headers: Record<string, string> = { authorization: `Bearer ${token()}` }) {
  // `fetch` does not let anybody say the host.
  const answer = await request(`${sample.url}${path}`, {
    dispatcher: agent,
    headers: { host: MAIN_CLUSTER.host, ...headers },
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}
const json = async (path: string, headers?: Record<string, string>): Promise<unknown> =>
  JSON.parse((await ask(path, headers)).text);
const list = async (path: string) => listSchema.parse(await json(path));

describe('who may', () => {
  test('a wrong token is refused in the real words; without one, the caller is nobody in particular', async () => {
    const wrong = await ask('/api/v1/pods', { authorization: 'Bearer wrong' });
    expect([wrong.status, JSON.parse(wrong.text)]).toEqual([
      401,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      },
    ]);
    const nobody = await ask('/api/v1/pods', {});
    expect(nobody.status).toBe(403);
    expect(JSON.parse(nobody.text)).toMatchObject({
      reason: 'Forbidden',
      message: expect.stringContaining('system:anonymous'),
    });
    expect((await ask('/version', {})).status).toBe(200);
  });
});

describe('lists', () => {
  test('come in chunks of what is asked for; without a limit as a whole', async () => {
    const whole = await list('/api/v1/pods');
    expect(whole.items).toHaveLength(620);
    expect(whole.metadata.continue).toBeUndefined();
    const names: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const page = await list(`/api/v1/pods?limit=100&continue=${next}`);
      expect(page.items.length).toBeLessThanOrEqual(100);
      names.push(...page.items.map(({ metadata }) => metadata.name));
      next = page.metadata.continue;
    }
    expect(names).toEqual(whole.items.map(({ metadata }) => metadata.name));
  });

  test('a limit or token that is none is a bad request', async () => {
    expect((await ask('/api/v1/pods?limit=x')).status).toBe(400);
    expect((await ask('/api/v1/pods?limit=1&continue=made-up')).status).toBe(400);
  });

  test('secrets have their data, unless the metadata alone is asked for', async () => {
    expect((await list('/api/v1/secrets')).items[0]).toHaveProperty('data');
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const partial = listSchema.parse(await json('/api/v1/secrets', { authorization: `Bearer ${token()}`, accept }));
    expect(partial.kind).toBe('PartialObjectMetadataList');
    expect(Object.keys(partial.items[0] ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
  });

  test('discovery names the groups that are served', async () => {
    expect(await json('/api')).toMatchObject({ versions: ['v1'] });
    expect(JSON.stringify(await json('/apis'))).toContain('networking.k8s.io/v1');
  });

  test('an expired token is answered by 410 with a fresh one that goes on', async () => {
    const first = await list('/api/v1/pods?limit=500');
    sample.turn({ expire: [{ operation: 'pods', first: 1 }] });
    const gone = await ask(`/api/v1/pods?limit=500&continue=${first.metadata.continue}`);
    expect(gone.status).toBe(410);
    const status = z
      .object({ reason: z.literal('Expired'), metadata: z.object({ continue: z.string() }) })
      .parse(JSON.parse(gone.text));
    expect((await list(`/api/v1/pods?limit=500&continue=${status.metadata.continue}`)).items).toHaveLength(120);
  });
});

describe('the sample itself', () => {
  test('knobs are turned over HTTP, an unknown one is refused, and calls are remembered', async () => {
    const turn = (body: object) =>
      fetch(`${sample.url}/_sample/knobs`, { dispatcher: agent, method: 'POST', body: JSON.stringify(body) });
    expect((await turn({ deny: [{ operation: 'nodes' }] })).status).toBe(200);
    expect((await turn({ nonsense: 1 })).status).toBe(400);
    sample.resetCalls();
    expect((await ask('/api/v1/nodes')).status).toBe(403);
    expect(sample.calls()).toEqual([
      { service: 'kubernetes', region: 'cluster', operation: 'nodes', outcome: 'Forbidden' },
    ]);
  });

  test('a call that it does not know is an error and is remembered', async () => {
    const before = sample.unknownCalls().length;
    expect((await ask('/api/v1/events')).status).toBe(404);
    expect((await ask('/api/v1/pods', { host: 'sample-cluster.example.com:7000' })).status).toBe(404);
    expect(sample.unknownCalls().slice(before)).toEqual([
      `${MAIN_CLUSTER.host} GET /api/v1/events`,
      'sample-cluster.example.com:7000 GET /api/v1/pods',
    ]);
  });

  test('the same folder gives the same keys, so that a connected cluster stays connected', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'infraaudit-sample-'));
    const first = await startSampleKubernetes({ directory });
    await first.close();
    const second = await startSampleKubernetes({ directory });
    await second.close();
    rmSync(directory, { recursive: true });
    expect(second.bodies).toEqual(first.bodies);
    expect(second.bodies).not.toEqual(sample.bodies);
  });
});
