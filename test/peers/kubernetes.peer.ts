import { createPrivateKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Resource, resourceSchema } from '../../functions/domain/resource.ts';
import { openCluster } from '../../functions/providers/kubernetes/clients.ts';
import { kubernetesFacts } from '../../functions/providers/kubernetes/facts.ts';
import { parseCredentials } from '../../functions/providers/kubernetes/kubeconfig.ts';
import { connecting } from '../../functions/providers/kubernetes/prove.ts';
import { makeCa } from '../../lib/local/certificates.ts';
import { CANARY } from '../../lib/local/clouds/sample-cloud.ts';
import { deploy, failureOf, readAll, within } from '../functions/providers/kubernetes/sample.ts';
import { type ApiServer, PEER_HOST, startApiServer } from './kubernetes/api-server.ts';
import { kubeconfigFor } from './kubernetes/kubeconfig.ts';
import { madeSchema, place } from './kubernetes/place.ts';

/** What a real API server answers, and what is made of it. */
const documentSchema = z.object({
  items: z.array(
    z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
    }),
  ),
});
const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(
    z.object({ metadata: z.object({ name: z.string(), namespace: z.string().default(''), uid: z.string() }) }),
  ),
});
const tokenSchema = z.object({ status: z.object({ token: z.string() }) });
const PLURALS: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Secret: 'secrets',
};

let api: ApiServer;
/** Of the service account that the permissions document makes. */
let kubeconfig: string;

beforeAll(async () => {
  api = await startApiServer();
  deploy({ endpoints: [{ host: PEER_HOST, url: api.url }] });
  await place(api);
  for (const item of documentSchema.parse(kubernetesFacts.permissions().document).items) {
    await api.admin('POST', collectionOf(item), item);
  }
  kubeconfig = kubeconfigFor(api.ca, { token: await tokenOf('infraaudit', 'infraaudit-read') });
});
afterAll(() => api?.stop());

function collectionOf({ apiVersion, kind, metadata }: z.infer<typeof documentSchema>['items'][number]): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${PLURALS[kind]}`;
}

async function tokenOf(namespace: string, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  return tokenSchema.parse(await api.admin('POST', path, { spec: { expirationSeconds: 3600 } })).status.token;
}

/** What the server itself lists of a kind. */
async function listed(name: string): Promise<z.infer<typeof listSchema>> {
  const facts = kubernetesFacts.collectors.find((one) => one.name === name);
  if (facts === undefined) throw new TypeError(name);
  const { group, version, plural } = facts;
  return listSchema.parse(await api.admin('GET', `${group === '' ? '/api' : `/apis/${group}`}/${version}/${plural}`));
}

const prove = (text: string) => connecting.prove(parseCredentials({ kubeconfig: text }));
const kindOf = (name: string): Promise<Resource[]> =>
  within(kubeconfig, async (session) => (await readAll(session, name)).resources);

describe('a customer role with exactly the permissions document', () => {
  for (const { name, group, kind } of kubernetesFacts.collectors) {
    test(`${name}: what the server has is what is collected, and nothing secret`, async () => {
      const resources = await kindOf(name);
      const { items } = await listed(name);
      expect(items.length).toBeGreaterThan(0);
      const ids = items.map(({ metadata }) => `${group || 'core'}/${kind}/${metadata.namespace}/${metadata.name}`);
      expect(resources.map(({ external_id }) => external_id).sort()).toEqual(ids.sort());
      const uids = resources.map(({ configuration }) => configuration.uid);
      expect(uids.sort()).toEqual(items.map(({ metadata }) => metadata.uid).sort());
      for (const resource of resources) resourceSchema.parse(resource);
      expect(JSON.stringify(resources)).not.toContain(CANARY);
    });
  }

  test('every kind that was placed is there with what an auditor asks', async () => {
    const find = async (name: string, object: string) => (await kindOf(name)).find((one) => one.name === object);
    expect(await find('k8s_pod', 'privileged')).toMatchObject({
      region: 'web',
      configuration: {
        privileged: 'yes',
        host_pid: 'yes',
        run_as_non_root: 'unknown',
        added_capabilities: ['NET_ADMIN'],
      },
    });
    expect(await find('k8s_pod', 'security-context-demo')).toMatchObject({
      status: 'active',
      configuration: { privileged: 'no', run_as_non_root: 'yes', privilege_escalation: 'no', images: ['busybox:1.28'] },
    });
    expect(await find('k8s_deployment', 'stopped')).toMatchObject({
      status: 'stopped',
      configuration: { replicas: 0 },
    });
    expect(await find('k8s_service', 'balanced')).toMatchObject({ configuration: { exposed: 'yes', public: 'yes' } });
    expect(await find('k8s_service', 'kubernetes')).toMatchObject({ configuration: { exposed: 'no', public: 'no' } });
    expect(await find('k8s_cluster_role', 'cluster-admin')).toMatchObject({
      region: 'cluster',
      configuration: { wildcard_verbs: 'yes', reads_secrets: 'yes', escalates: 'yes' },
    });
    expect(await find('k8s_cluster_role_binding', 'read-secrets-global')).toMatchObject({
      configuration: { everybody: 'yes', role: 'ClusterRole/secret-reader' },
    });
    expect(await find('k8s_node', 'node-1')).toMatchObject({
      status: 'active',
      configuration: { public_address: 'yes', roles: ['control-plane'], kubelet_version: 'v1.36.3' },
    });
    expect(await find('k8s_config_map', 'game-demo')).toMatchObject({
      configuration: { keys: ['player_initial_lives', 'user-interface.properties'] },
    });
    expect(await find('k8s_storage_class', 'low-latency')).toMatchObject({ configuration: { encrypted: 'yes' } });
  });

  test('no secret’s data comes over the wire', async () => {
    const cluster = openCluster(parseCredentials({ kubeconfig }), {
      connect: 5000,
      headers: 5000,
      silence: 5000,
      request: 5000,
    });
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const answer = JSON.stringify(await cluster.call({ path: '/api/v1/secrets', accept }));
    cluster.close();
    expect(answer).toContain('dotfile-secret');
    expect(answer).not.toContain(Buffer.from(CANARY).toString('base64'));
  });

  test('with one line less, that one kind is denied and names the line', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/infraaudit-read';
    const role = z.looseObject({ rules: z.array(z.looseObject({ resources: z.array(z.string()) })) });
    const whole = role.parse(await api.admin('GET', path));
    const rules = whole.rules.map((rule) => ({ ...rule, resources: rule.resources.filter((one) => one !== 'jobs') }));
    const less = await api.admin('PUT', path, { ...whole, rules });
    await sleep(500);
    for (const { name } of kubernetesFacts.collectors) {
      const failure = await failureOf(kubeconfig, name);
      if (name !== 'k8s_job') expect(failure).toBeUndefined();
      else {
        expect(failure).toEqual({
          outcome: 'denied',
          code: 'FORBIDDEN',
          permission: 'list:jobs.batch',
          deniedBy: 'identity',
          retryable: false,
        });
      }
    }
    await api.admin('PUT', path, { ...role.parse(less), rules: whole.rules });
  });

  test('a kind that the server does not serve is not enabled, not denied', async () => {
    const cluster = openCluster(
      parseCredentials({ kubeconfig: kubeconfigFor(api.ca, await api.certify('root', ['system:masters'])) }),
      { connect: 5000, headers: 5000, silence: 5000, request: 5000 },
    );
    await expect(cluster.call({ path: '/apis/policy/v1beta1/poddisruptionbudgets' })).rejects.toMatchObject({
      status: 404,
    });
    cluster.close();
  });
});

describe('long lists', () => {
  test('a token outlives a change, but not the compaction of what it read; begun anew, the list is whole', async () => {
    const path = '/api/v1/namespaces/web/configmaps';
    for (let n = 0; n < 620; n += 20) {
      const names = Array.from({ length: 20 }, (_, m) => `many-${String(n + m).padStart(4, '0')}`);
      await Promise.all(names.map((name) => api.admin('POST', path, { metadata: { name }, data: { key: CANARY } })));
    }
    await within(kubeconfig, async (session) => {
      const collector = await session.collector('k8s_config_map', 'cluster');
      const first = await collector.page(undefined);
      expect(first.resources).toHaveLength(500);
      await api.admin('DELETE', `${path}/many-0619`);
      // The snapshot of the first page still has what was deleted since.
      const second = await collector.page(first.next);
      expect(second.resources.map(({ name }) => name)).toContain('many-0619');
      await compact((await listed('k8s_config_map')).metadata.resourceVersion);
      const failure = await collector.page(first.next).then(
        () => undefined,
        (error: unknown) => session.classify(error, collector),
      );
      expect(failure).toEqual({ outcome: 'failed', code: 'LIST_EXPIRED', retryable: false, restart: true });
    });
    const names = (await kindOf('k8s_config_map')).map(({ name }) => name);
    expect(names).toHaveLength((await listed('k8s_config_map')).items.length);
    expect(names).not.toContain('many-0619');
  });

  async function compact(revision: string): Promise<void> {
    const answer = await fetch(`${api.etcd}/v3/kv/compaction`, {
      method: 'POST',
      body: JSON.stringify({ revision, physical: true }),
    });
    expect(answer.status).toBe(200);
  }
});

describe('proving', () => {
  test('the account is the UID of kube-system, by token and by client certificate', async () => {
    const { metadata } = madeSchema.parse(await api.admin('GET', '/api/v1/namespaces/kube-system'));
    expect(await prove(kubeconfig)).toEqual({ account: metadata.uid });
    const certificate = kubeconfigFor(api.ca, await api.certify('root', ['system:masters']));
    expect(await prove(certificate)).toEqual({ account: metadata.uid });
  });

  test('who may not read that namespace connects by address and authority, the same each time', async () => {
    const nobody = kubeconfigFor(api.ca, await api.certify('nobody'));
    const { account } = await prove(nobody);
    expect(account).toMatch(/^cluster-[0-9a-f]{32}$/);
    expect(await prove(nobody)).toEqual({ account });
    expect(await failureOf(nobody, 'k8s_pod')).toMatchObject({ outcome: 'denied', permission: 'list:pods' });
  });

  test('a wrong token, and a certificate of another authority, are rejected', async () => {
    const wrong = kubeconfigFor(api.ca, { token: 'wrong' });
    await expect(prove(wrong)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    const { issue } = await import('../../lib/local/certificates.ts');
    const foreign = await issue(await makeCa('another'), {
      commonName: 'root',
      organizations: ['system:masters'],
      client: true,
    });
    await expect(prove(kubeconfigFor(api.ca, foreign))).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
  });

  test('a token that ends in the middle: what was read was read, and then the credentials are not accepted', async () => {
    const account = madeSchema.parse(
      await api.admin('GET', '/api/v1/namespaces/infraaudit/serviceaccounts/infraaudit-read'),
    );
    // The server lets a token live a minute longer than it says.
    const now = Math.floor(Date.now() / 1000) - 56;
    const token = await new SignJWT({
      'kubernetes.io': {
        namespace: 'infraaudit',
        serviceaccount: { name: 'infraaudit-read', uid: account.metadata.uid },
      },
    })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer('https://kubernetes.default.svc')
      .setAudience('https://kubernetes.default.svc')
      .setSubject('system:serviceaccount:infraaudit:infraaudit-read')
      .setIssuedAt(now - 3600)
      .setNotBefore(now - 3600)
      .setExpirationTime(now)
      .sign(createPrivateKey(api.accountsKey));
    const ending = kubeconfigFor(api.ca, { token });
    expect(await failureOf(ending, 'k8s_pod')).toBeUndefined();
    await sleep(16_000);
    expect(await failureOf(ending, 'k8s_pod')).toMatchObject({
      outcome: 'failed',
      code: 'UNAUTHORIZED',
      retryable: false,
      credentialsRejected: true,
    });
    await expect(prove(ending)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
  });
});
