import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defaultKnobs, type Knobs } from '../../../../lib/local/clouds/kubernetes/knobs.ts';
import {
  MAIN_CLUSTER,
  type SampleKubernetes,
  startSampleKubernetes,
} from '../../../../lib/local/clouds/kubernetes/sample-kubernetes.ts';
import { CANARY } from '../../../../lib/local/clouds/sample-cloud.ts';
import { startTwin, type Twin } from '../../../../lib/local/twin.ts';

/** The whole stack on this machine with a cluster beside it: what a customer sees. */
let directory: string;
let sample: SampleKubernetes;
let twin: Twin;

const jobSchema = z.object({ status: z.string(), resources: z.object({ found: z.number(), removed: z.number() }) });
const cellSchema = z.object({
  type: z.string(),
  outcome: z.string(),
  count: z.number(),
  error_code: z.string().nullish(),
  permission: z.string().nullish(),
});

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'infraaudit-kubernetes-'));
  sample = await startSampleKubernetes({ directory: join(directory, 'samples') });
  twin = await startTwin({ directory, port: 0, tick: false, context: { ...sample.settings } });
}, 60_000);
afterAll(async () => {
  await twin?.stop();
  await sample?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object) {
  const answer = await fetch(`${twin.apiUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await twin.token({ tenant: 'acme' })}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: answer.status, text, json };
}

const connect = (kubeconfig: string) => call('POST', '/kubernetes/connect', { name: 'Cluster', kubeconfig });
const main = (): string => sample.bodies.main.kubeconfig ?? '';
const at = (server: string): string => main().replace(`https://${MAIN_CLUSTER.host}`, server);

/** Syncs with these knobs, and gives the job and the cells that were not collected. */
async function sync(id: number, knobs: Partial<Knobs>) {
  sample.turn({ ...defaultKnobs, ...knobs });
  const { json } = await call('POST', `/${id}/sync`);
  const { job_id } = z.object({ job_id: z.number() }).parse(json);
  await twin.idle();
  const job = jobSchema.parse((await call('GET', `/${id}/jobs/${job_id}`)).json);
  const cells = z.array(cellSchema).parse((await call('GET', `/${id}/coverage?limit=100`)).json);
  return { job, cells: cells.filter(({ outcome }) => outcome !== 'collected') };
}

describe('a cluster, connected, synced and disconnected', () => {
  let id = 0;

  test('connects, and holds what the cluster holds', async () => {
    const connected = await connect(main());
    expect(connected.status).toBe(201);
    id = z.object({ id: z.number() }).parse(connected.json).id;
    await twin.idle();
    const held = Object.values(sample.held()).reduce((n, ids) => n + ids.length, 0);
    expect((await call('GET', `/${id}`)).json).toMatchObject({
      status: 'synced',
      complete: true,
      resource_count: held,
    });
    expect(sample.unknownCalls()).toEqual([]);
    expect((await connect(main())).status).toBe(409);
  });

  test('the ledger tells the truth of each knob, and what a cell held stays', async () => {
    const pods = { operation: 'pods' };
    const denied = await sync(id, { deny: [{ operation: 'secrets' }] });
    expect(denied).toMatchObject({
      job: { status: 'partial', resources: { removed: 0 } },
      cells: [{ type: 'k8s_secret', outcome: 'denied', permission: 'list:secrets', count: 70 }],
    });
    expect((await sync(id, { deny: [{ ...pods, afterPage: 1 }] })).cells).toMatchObject([
      { type: 'k8s_pod', outcome: 'denied', count: 620 },
    ]);
    expect((await sync(id, { loopToken: [pods] })).cells).toMatchObject([
      { type: 'k8s_pod', outcome: 'failed', error_code: 'PAGINATION_LOOP', count: 620 },
    ]);
    expect((await sync(id, { expire: [{ ...pods, first: 99 }] })).cells).toMatchObject([
      { type: 'k8s_pod', outcome: 'failed', error_code: 'LIST_EXPIRED', count: 620 },
    ]);
    expect((await sync(id, { absent: [{ operation: 'poddisruptionbudgets.policy' }] })).cells).toMatchObject([
      { type: 'k8s_pod_disruption_budget', outcome: 'not_enabled', error_code: 'NOT_SERVED' },
    ]);
    expect((await sync(id, { unauthorized: true })).job).toMatchObject({ status: 'failed', resources: { removed: 0 } });
  }, 60_000);

  test('a list that expires once is begun anew, a throttled call made again, and latency only takes time', async () => {
    for (const knobs of [
      { expire: [{ operation: 'pods', first: 1 }] },
      { throttle: [{ operation: 'pods', first: 2 }] },
      { latencyMs: 50 },
    ]) {
      expect(await sync(id, knobs)).toMatchObject({
        job: { status: 'succeeded', resources: { removed: 0 } },
        cells: [],
      });
    }
    expect(await sync(id, { drop: [{ type: 'k8s_pod', index: 7 }] })).toMatchObject({
      job: { resources: { removed: 1 } },
    });
  }, 60_000);

  test('disconnects', async () => {
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });
});

test('any other loopback address is refused though the sample listens there, and nothing is called', async () => {
  sample.turn(defaultKnobs);
  sample.resetCalls();
  const { port } = sample;
  for (const server of [
    sample.url,
    `https://localhost:${port}`,
    `https://127.1:${port}`,
    `https://[::1]:${port}`,
    `https://[::ffff:127.0.0.1]:${port}`,
    `https://2130706433:${port}`,
  ]) {
    const refused = await connect(at(server));
    expect([refused.status, refused.json]).toMatchObject([422, { code: 'UNSAFE_ENDPOINT' }]);
  }
  // Hosts that the setting does not name: another port of the same name, the name of the other, a name of nobody.
  for (const server of ['https://sample-cluster.example.com:7443', 'https://nowhere.invalid:6443']) {
    expect((await connect(at(server))).status).toBe(503);
  }
  expect(sample.calls()).toEqual([]);
});

test('no piece of the credentials and nothing secret of the cluster is in any log', async () => {
  const logs = ['lambda.log', 'audit.log', 'events.log']
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join();
  const token = /token: (.*)/.exec(main())?.[1] ?? '';
  for (const secret of [CANARY, token.slice(0, 16), token.slice(-16), token.slice(40, 56)]) {
    expect(logs).not.toContain(secret);
  }
});
