import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CloudUnavailableError } from '../../../../functions/providers/contract.ts';
import { kubernetesFacts } from '../../../../functions/providers/kubernetes/facts.ts';
import { parseCredentials } from '../../../../functions/providers/kubernetes/kubeconfig.ts';
import { connecting } from '../../../../functions/providers/kubernetes/prove.ts';
import { issue, makeCa } from '../../../../lib/local/certificates.ts';
import { kubeconfigOf } from '../../../../lib/local/clouds/kubernetes/clusters.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/kubernetes/knobs.ts';
import {
  EXAMPLE_CLUSTER,
  MAIN_CLUSTER,
  type SampleKubernetes,
  startSampleKubernetes,
} from '../../../../lib/local/clouds/kubernetes/sample-kubernetes.ts';
import { deploy } from './sample.ts';

let sample: SampleKubernetes;
const prove = (kubeconfig: string) => connecting.prove(parseCredentials({ kubeconfig }));
const main = () => sample.bodies.main.kubeconfig ?? '';
const example = () => sample.bodies.example.kubeconfig ?? '';
const withToken = (token: string) => main().replace(/token: .*/, `token: ${token}`);

beforeAll(async () => {
  sample = await startSampleKubernetes();
});
beforeEach(() => {
  sample.turn(defaultKnobs);
  sample.resetCalls();
  deploy({ endpoints: sample.settings.endpoints ?? [] });
});
afterAll(() => sample.close());

describe('an account', () => {
  test('is the UID of kube-system, by token and by client certificate, in three calls', async () => {
    expect(await prove(main())).toEqual({ account: MAIN_CLUSTER.uid });
    expect(sample.calls().map(({ operation }) => operation)).toEqual(['version', 'selfsubjectreviews', 'kube-system']);
    expect(await prove(example())).toEqual({ account: EXAMPLE_CLUSTER.uid });
  });

  test('is a hash of server and authority where that may not be read: the same each time, another elsewhere', async () => {
    sample.turn({ deny: [{ operation: 'kube-system' }] });
    const { account } = await prove(main());
    expect(account).toMatch(/^cluster-[0-9a-f]{32}$/);
    expect(await prove(main())).toEqual({ account });
    expect((await prove(example())).account).not.toBe(account);
  });

  test('is proven on an old server too, which does not review, and on one that keeps its version to itself', async () => {
    sample.turn({ absent: [{ operation: 'selfsubjectreviews' }] });
    expect(await prove(main())).toEqual({ account: MAIN_CLUSTER.uid });
    sample.turn({ absent: [], deny: [{ operation: 'version' }] });
    expect(await prove(main())).toEqual({ account: MAIN_CLUSTER.uid });
  });
});

describe('a definite no', () => {
  const rejected = { code: 'CREDENTIALS_REJECTED' };

  test('to a wrong token, another cluster’s, and one that is no longer good', async () => {
    await expect(prove(withToken('wrong'))).rejects.toMatchObject(rejected);
    const others = /token: (.*)/.exec(kubeconfigOf(sample.keys, EXAMPLE_CLUSTER, 'token'))?.[1] ?? '';
    await expect(prove(withToken(others))).rejects.toMatchObject(rejected);
    sample.turn({ unauthorized: true });
    await expect(prove(main())).rejects.toMatchObject(rejected);
  });

  test('to a certificate by another authority', async () => {
    const client = await issue(await makeCa('another'), { commonName: EXAMPLE_CLUSTER.username, client: true });
    const foreign = kubeconfigOf({ ...sample.keys, client }, EXAMPLE_CLUSTER, 'certificate');
    await expect(prove(foreign)).rejects.toMatchObject(rejected);
  });
});

describe('no word on the credentials', () => {
  const unavailable = async (kubeconfig: string): Promise<string> => {
    const error: unknown = await prove(kubeconfig).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CloudUnavailableError);
    return error instanceof Error ? error.message : '';
  };

  test('down, throttled, broken, no API server at all', async () => {
    for (const knobs of [
      { down: [{}] },
      { throttle: [{}] },
      { broken: [{ operation: 'version' }] },
      { absent: [{}] },
      { deny: [{}] },
    ]) {
      sample.turn({ ...defaultKnobs, ...knobs });
      await unavailable(main());
    }
  });

  test('every failure of the network reads alike, whatever is behind the address', async () => {
    const texts = [];
    deploy({ endpoints: [{ host: MAIN_CLUSTER.host, url: 'https://127.0.0.1:1' }] });
    texts.push(await unavailable(main()));
    // A name that is nowhere, and a name that leads to a private place.
    deploy({});
    texts.push(await unavailable(main().replace(MAIN_CLUSTER.host, 'nowhere.invalid')));
    deploy({ endpoints: [{ host: 'another.example.com', url: sample.url }] });
    texts.push(await unavailable(main().replace(MAIN_CLUSTER.host, 'another.example.com')));
    expect(new Set(texts).size).toBe(1);
    expect(sample.calls()).toEqual([]);
  });

  test('a server that never answers, within 5 s', async () => {
    sample.turn({ hang: [{ operation: 'version' }] });
    const began = performance.now();
    await unavailable(main());
    sample.turn({ hang: [], latencyMs: 2300 });
    const second = performance.now();
    await unavailable(main());
    expect(second - began).toBeLessThan(5000);
    expect(performance.now() - second).toBeLessThan(5000);
  }, 12_000);
});

test('the permissions document is the union of what the collectors declare, and what naming the cluster takes', () => {
  const { permissions, document } = kubernetesFacts.permissions();
  const declared = kubernetesFacts.collectors.flatMap((one) => one.permissions);
  expect([...permissions]).toEqual([...new Set([...declared, 'get:namespaces/kube-system'])].sort());
  const role = JSON.parse(JSON.stringify(document)).items.find(({ kind }: { kind: string }) => kind === 'ClusterRole');
  const granted = role.rules.flatMap(
    (rule: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }) =>
      rule.verbs.flatMap((verb) =>
        rule.resources.map((resource) => {
          const name = rule.resourceNames === undefined ? '' : `/${rule.resourceNames.join()}`;
          return `${verb}:${resource}${rule.apiGroups[0] === '' ? '' : `.${rule.apiGroups[0]}`}${name}`;
        }),
      ),
  );
  expect(granted.sort()).toEqual([...permissions]);
});
