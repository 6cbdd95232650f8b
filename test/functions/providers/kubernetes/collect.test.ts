import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resourceSchema } from '../../../../functions/domain/resource.ts';
import { kubernetesFacts } from '../../../../functions/providers/kubernetes/facts.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/kubernetes/knobs.ts';
import {
  type SampleKubernetes,
  startSampleKubernetes,
} from '../../../../lib/local/clouds/kubernetes/sample-kubernetes.ts';
import { CANARY } from '../../../../lib/local/clouds/sample-cloud.ts';
import { deploy, failureOf, readAll, within } from './sample.ts';

let sample: SampleKubernetes;
const main = () => sample.bodies.main.kubeconfig ?? '';

beforeAll(async () => {
  sample = await startSampleKubernetes();
  deploy({ endpoints: sample.settings.endpoints ?? [] });
});
beforeEach(() => {
  sample.turn(defaultKnobs);
  sample.resetCalls();
});
afterAll(() => sample.close());

describe('every kind', () => {
  test('the sample holds objects of every kind that is collected, and of no other', () => {
    expect(Object.keys(sample.held()).sort()).toEqual(kubernetesFacts.collectors.map(({ name }) => name).sort());
    for (const ids of Object.values(sample.held())) expect(ids.length).toBeGreaterThan(0);
  });

  for (const { name } of kubernetesFacts.collectors) {
    test(`${name}: all pages hold what the cluster holds, and nothing secret`, async () => {
      const { resources } = await within(main(), (session) => readAll(session, name));
      expect(resources.map(({ external_id }) => external_id).sort()).toEqual([...(sample.held()[name] ?? [])].sort());
      for (const resource of resources) resourceSchema.parse(resource);
      const kept = JSON.stringify(resources);
      expect(kept).not.toContain(CANARY);
      expect(kept).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 40));
      expect(kept).not.toContain('annotations');
    });
  }

  test('a list of more than 500 comes in chunks, and goes on from a token that another process read', async () => {
    const { pages } = await within(main(), (session) => readAll(session, 'k8s_pod'));
    expect(pages).toBe(2);
    const first = await within(main(), async (session) =>
      (await session.collector('k8s_pod', 'cluster')).page(undefined),
    );
    const rest = await within(main(), async (session) =>
      (await session.collector('k8s_pod', 'cluster')).page(first.next),
    );
    expect([...first.resources, ...rest.resources].map(({ external_id }) => external_id)).toEqual(
      sample.held().k8s_pod,
    );
  });

  test('a collector that is not registered is refused', async () => {
    for (const name of ['k8s_event', 'load', '', '__proto__']) {
      await within(main(), (session) => expect(session.collector(name, 'cluster')).rejects.toThrow());
    }
  });

  test('a client certificate reads its own cluster', async () => {
    const { resources } = await within(sample.bodies.example.kubeconfig ?? '', (session) =>
      readAll(session, 'k8s_node'),
    );
    expect(resources).toHaveLength(1);
  });
});

describe('knobs and their outcomes', () => {
  const operation = 'pods';
  const failure = () => failureOf(main(), 'k8s_pod');

  test('a kind that the ClusterRole does not allow is denied, with the line that is missing', async () => {
    sample.turn({ deny: [{ operation: 'deployments.apps' }] });
    expect(await failureOf(main(), 'k8s_deployment')).toEqual({
      outcome: 'denied',
      code: 'FORBIDDEN',
      permission: 'list:deployments.apps',
      deniedBy: 'identity',
      retryable: false,
    });
    expect(await failure()).toBeUndefined();
  });

  test('denied on the second page', async () => {
    sample.turn({ deny: [{ operation, afterPage: 1 }] });
    await within(main(), async (session) => {
      const collector = await session.collector('k8s_pod', 'cluster');
      const { next } = await collector.page(undefined);
      await expect(collector.page(next)).rejects.toMatchObject({ status: 403 });
    });
  });

  test('too many requests are throttled, and the next call is answered', async () => {
    sample.turn({ throttle: [{ operation, first: 1 }] });
    expect(await failure()).toMatchObject({ outcome: 'throttled', code: 'TOO_MANY_REQUESTS', retryable: true });
    expect(await failure()).toBeUndefined();
    sample.turn({ throttle: [], buckets: { kubernetes: { burst: 1, perSecond: 0.001 } } });
    expect(await failure()).toBeUndefined();
    expect(await failure()).toMatchObject({ outcome: 'throttled' });
  });

  test('down, not served, expired and rejected are told apart', async () => {
    sample.turn({ down: [{ operation }] });
    expect(await failure()).toMatchObject({ outcome: 'failed', code: 'HTTP_503', retryable: true });
    sample.turn({ down: [], absent: [{ operation }] });
    expect(await failure()).toMatchObject({ outcome: 'not_enabled', code: 'NOT_SERVED', retryable: false });
    sample.turn({ absent: [], unauthorized: true });
    expect(await failure()).toMatchObject({ outcome: 'failed', code: 'UNAUTHORIZED', credentialsRejected: true });
    sample.turn({ unauthorized: false, broken: [{ operation }] });
    expect(await failure()).toMatchObject({ outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false });
  });

  test('a list that expired between two pages is to be begun anew', async () => {
    sample.turn({ expire: [{ operation, first: 1 }] });
    const { next } = await within(main(), async (session) =>
      (await session.collector('k8s_pod', 'cluster')).page(undefined),
    );
    expect(await failureOf(main(), 'k8s_pod', next)).toMatchObject({ code: 'LIST_EXPIRED', restart: true });
    const { resources } = await within(main(), (session) => readAll(session, 'k8s_pod'));
    expect(resources).toHaveLength(620);
  });

  test('the same token for ever is handed on, for the engine to see', async () => {
    sample.turn({ loopToken: [{ operation }] });
    await within(main(), async (session) => {
      const collector = await session.collector('k8s_pod', 'cluster');
      const { next } = await collector.page(undefined);
      expect((await collector.page(next)).next).toBe(next);
    });
  });

  test('size, drop, add and change are what a sync sees', async () => {
    const read = async () => (await within(main(), (session) => readAll(session, 'k8s_deployment'))).resources;
    const before = await read();
    sample.turn({ drop: [{ type: 'k8s_deployment', index: 3 }] });
    expect(await read()).toHaveLength(before.length - 1);
    sample.turn({ drop: [], add: [{ type: 'k8s_deployment', count: 4 }] });
    expect(await read()).toHaveLength(before.length + 4);
    sample.turn({ add: [], change: [{ type: 'k8s_deployment', index: 2 }] });
    const after = await read();
    expect(after.flatMap((one, n) => (JSON.stringify(one) === JSON.stringify(before[n]) ? [] : [n]))).toEqual([2]);
    sample.turn({ change: [], size: 2 });
    expect(await read()).toHaveLength(before.length * 2);
  });

  test('one list at a time is asked of a cluster, and no call is one that it does not know', async () => {
    await within(main(), async (session) => expect(session.atATime).toBe(1));
    expect(sample.unknownCalls()).toEqual([]);
  });
});
