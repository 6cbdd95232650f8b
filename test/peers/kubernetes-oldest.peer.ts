import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubernetesFacts } from '../../functions/providers/kubernetes/facts.ts';
import { parseCredentials } from '../../functions/providers/kubernetes/kubeconfig.ts';
import { connecting } from '../../functions/providers/kubernetes/prove.ts';
import { CANARY } from '../../lib/local/clouds/sample-cloud.ts';
import { deploy, readAll, within } from '../functions/providers/kubernetes/sample.ts';
import { type ApiServer, OLDEST, PEER_HOST, startApiServer } from './kubernetes/api-server.ts';
import { kubeconfigFor } from './kubernetes/kubeconfig.ts';
import { place } from './kubernetes/place.ts';

/** The same server with the APIs of the oldest version that it can stand in for. */
let api: ApiServer;
let kubeconfig: string;

beforeAll(async () => {
  api = await startApiServer(OLDEST);
  deploy({ endpoints: [{ host: PEER_HOST, url: api.url }] });
  await place(api);
  kubeconfig = kubeconfigFor(api.ca, await api.certify('root', ['system:masters']));
});
afterAll(() => api?.stop());

test(`a server of version ${OLDEST} is proven, and every kind is collected`, async () => {
  expect(await api.admin('GET', '/version')).toMatchObject({ emulationMinor: OLDEST.split('.')[1] });
  const { account } = await connecting.prove(parseCredentials({ kubeconfig }));
  expect(account).toMatch(/^[0-9a-f-]{36}$/);
  for (const { name } of kubernetesFacts.collectors) {
    const { resources } = await within(kubeconfig, (session) => readAll(session, name));
    expect(resources.length).toBeGreaterThan(0);
    expect(JSON.stringify(resources)).not.toContain(CANARY);
  }
});
