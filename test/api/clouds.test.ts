import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CloudFacts } from '../../functions/providers/contract.ts';
import { clouds } from '../../functions/providers/registered.ts';
import { CANARY } from '../../lib/local/clouds/sample-cloud.ts';
import { type CloudsDeployment, startCloudsDeployment } from '../support/clouds.ts';
import { found, inventoryOf } from '../support/deployment.ts';

/** What holds for every registered cloud over the whole stack; each test is a tenant of its own. */
let deployment: CloudsDeployment;
beforeAll(async () => {
  deployment = await startCloudsDeployment();
}, 60_000);
afterAll(() => deployment?.stop());
const registered: readonly CloudFacts[] = Object.values(clouds);
let tests = 0;
const tenant = (): string => `tenant ${tests}`;
afterEach(() => {
  tests += 1;
});

const job = z.object({
  status: z.string(),
  cells: z.object({ done: z.number(), total: z.number() }),
  resources: z.object({ found: z.number(), created: z.number(), updated: z.number(), removed: z.number() }),
  calls: z.array(z.object({ outcome: z.string(), count: z.number() })),
});
const row = z.object({
  type: z.string(),
  outcome: z.string(),
  count: z.number(),
  error_code: z.string().nullable(),
  permission: z.string().nullable(),
});
const call = (method: string, path: string, body?: object) =>
  deployment.call(method, path, { claims: { tenant: tenant() }, ...(body === undefined ? {} : { body }) });
const jobOf = async (id: number, number: number) => job.parse((await call('GET', `/${id}/jobs/${number}`)).json);
const ours = async (id: number) => found(await inventoryOf(deployment, id, undefined, { tenant: tenant() }));
async function sync(id: number, body?: object) {
  const { job_id } = z.object({ job_id: z.number() }).parse((await call('POST', `/${id}/sync`, body)).json);
  await deployment.twin.idle();
  return jobOf(id, job_id);
}
/** The ledger, all of it. */
async function coverage(id: number): Promise<z.infer<typeof row>[]> {
  const all: z.infer<typeof row>[] = [];
  let next: string | undefined = '?limit=100';
  while (next !== undefined) {
    const answer = await call('GET', `/${id}/coverage${next}`);
    all.push(...z.array(row).parse(answer.json));
    next = /<[^?>]*(\?[^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return all;
}
const theirs = (name: string): string[] =>
  Object.entries(deployment.cloud(name).held())
    .flatMap(([type, ids]) => ids.map((id) => `${type} ${id}`))
    .sort();
/** Calls of scans alone: AWS is asked for its regions before, by a client that tries again by itself. */
const SCANNING: Readonly<Record<string, object>> = { aws: { service: 'iam' } };
/** What connecting and planning take beside collectors and costs. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  aws: ['ec2:DescribeRegions'],
  azure: ['Microsoft.Resources/subscriptions/read'],
  gcp: ['resourcemanager.projects.get'],
  kubernetes: ['get:namespaces/kube-system'],
};
/** Turns knobs of a sample cloud for as long as something takes. */
async function turned<T>(name: string, knobs: Record<string, unknown>, during: () => Promise<T>): Promise<T> {
  const cloud = deployment.cloud(name);
  cloud.turn(knobs);
  try {
    return await during();
  } finally {
    cloud.turn(Object.fromEntries(Object.keys(knobs).map((knob) => [knob, knob === 'latencyMs' ? 0 : []])));
  }
}

test('every registered cloud has a sample', () => {
  expect(deployment.clouds.map(({ name }) => name).sort()).toEqual(Object.keys(clouds).sort());
});

describe.each(Object.keys(clouds))('%s', (name) => {
  test('connects, syncs everything and nothing else, syncs again without a change, and disconnects', async () => {
    const id = await deployment.connected(name, tenant());
    expect(await jobOf(id, 1)).toMatchObject({ status: 'succeeded', resources: { removed: 0, updated: 0 } });
    expect(await ours(id)).toEqual(theirs(name));
    const ledger = await coverage(id);
    expect(ledger.filter(({ outcome }) => outcome !== 'collected')).toEqual([]);
    const again = await sync(id);
    expect(again).toMatchObject({ status: 'succeeded', resources: { created: 0, updated: 0, removed: 0 } });
    expect((await call('GET', `/${id}`)).json).toMatchObject({ complete: true, status: 'synced', type: name });
    expect(JSON.stringify(await deployment.items())).not.toContain(CANARY);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
    expect(await ours(id)).toEqual(theirs(name));
    expect(deployment.cloud(name).unknownCalls()).toEqual([]);
  }, 120_000);

  test('slow answers and a few throttled calls change nothing but the time, and the ledger of calls says so', async () => {
    const id = await deployment.connected(name, tenant());
    const slowed = await turned(name, { latencyMs: 20, throttle: [{ ...SCANNING[name], first: 2 }] }, () => sync(id));
    expect(slowed).toMatchObject({ status: 'succeeded', resources: { created: 0, updated: 0, removed: 0 } });
    expect(slowed.calls.some(({ outcome }) => outcome === 'throttled')).toBe(true);
    expect(await ours(id)).toEqual(theirs(name));
  }, 120_000);

  test('denied, it deletes nothing and names a permission that its document grants; allowed again, it heals', async () => {
    const id = await deployment.connected(name, tenant());
    const before = await ours(id);
    const denied = await turned(name, { deny: [{}] }, () => sync(id));
    expect(denied.status).toBe('failed');
    expect(await ours(id)).toEqual(before);
    const cells = await coverage(id);
    const missing = cells.filter(({ outcome }) => outcome === 'denied');
    expect(missing.length).toBeGreaterThan(0);
    expect(cells.filter(({ outcome }) => outcome === 'collected')).toEqual([]);
    const facts = registered.find((one) => one.name === name);
    for (const { permission } of missing) expect(facts?.permissions().permissions).toContain(permission);
    const healed = await sync(id, { scope: 'failed' });
    expect(healed).toMatchObject({ status: 'succeeded', resources: { created: 0, removed: 0 } });
    expect((await call('GET', `/${id}`)).json).toMatchObject({ complete: true });
  }, 120_000);

  test('a list that gives the same token for ever is a failure of its cells, and nothing is inferred to be gone', async () => {
    const id = await deployment.connected(name, tenant());
    const before = await ours(id);
    const looped = await turned(name, { loopToken: [{}] }, () => sync(id));
    expect(looped.resources.removed).toBe(0);
    expect(await ours(id)).toEqual(before);
    const codes = (await coverage(id)).map(({ error_code: code }) => code);
    expect(codes).toContain('PAGINATION_LOOP');
  }, 120_000);

  test('the document of permissions is the union of what is declared', async () => {
    const facts = registered.find((one) => one.name === name);
    const declared = [...(facts?.collectors ?? []), ...(facts?.costs === undefined ? [] : [facts.costs])];
    const answer = await call('GET', `/${name}/permissions`);
    expect(answer.status).toBe(200);
    const { permissions } = z.object({ permissions: z.array(z.string()) }).parse(answer.json);
    const union = new Set([...declared.flatMap((one) => one.permissions), ...(BESIDE[name] ?? [])]);
    expect(permissions).toEqual([...union].sort());
  });
});

test('permissions of a cloud that is not there are 404, with the bytes of everything that is missing', async () => {
  const missing = await call('GET', '/99');
  for (const type of ['oracle', 'AWS', '1', '..']) {
    expect((await call('GET', `/${type}/permissions`)).text).toBe(missing.text);
  }
});
