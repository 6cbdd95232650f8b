import { parentPort, workerData } from 'node:worker_threads';
import { open } from '../../functions/providers/aws/session.ts';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { CLOUD_DEFAULTS } from '../../functions/runtime/links.ts';
import { Secret } from '../../functions/runtime/secret.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';
import { type PoolAnswer, poolOrder } from './m10-messages.ts';

// Entry of a thread with what one writes without an engine: 32 workers over the same clients and calls, a task for each
// list in each region, pages and described items one after another, nothing compared and nothing stored.

const WORKERS = 32;
const { url, regions, account, credentials } = poolOrder.parse(workerData);
Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [{ url }] }));

// Made once: a pool that is used again has its clients and connections.
const session = open(new Secret({ v: 1, form: 'key', ...credentials, region: 'us-east-1' }), account);
const scopes: Readonly<Record<string, readonly string[]>> = {
  global: ['global'],
  region: regions,
  everywhere: ['global', ...regions],
};
const all = await Promise.all(
  collectorsOf('aws').flatMap(({ name, scope }) => (scopes[scope] ?? []).map((one) => session.collector(name, one))),
);

async function run(): Promise<PoolAnswer> {
  const began = performance.now();
  const waiting = [...all];
  let resources = 0;
  const worker = async (): Promise<void> => {
    for (let list = waiting.shift(); list !== undefined; list = waiting.shift()) {
      let token: string | undefined;
      do {
        const page = await list.page(token);
        resources += page.resources.length;
        for (const detail of page.details) {
          const described = await detail();
          resources += described.length;
        }
        token = page.next;
      } while (token !== undefined);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return { milliseconds: performance.now() - began, resources };
}

parentPort?.on('message', async () => parentPort?.postMessage(await run()));
