import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient, type ShownProvider } from './api-client.ts';
import { Board } from './board.ts';
import { settingsOf, startSampleClouds } from './clouds/registered.ts';
import type { SampleCloud } from './clouds/sample-cloud.ts';
import { costsChart, coverageLine, inventoryTable, progressLine } from './screen.ts';
import { startTwin, type Twin } from './twin.ts';

/** How the local stack is started by a person. */
export interface StartOptions {
  /** The state directory. */
  readonly directory: string;
  readonly port: number;
  readonly fresh: boolean;
  /** Whether the sample accounts are connected. */
  readonly sample: boolean;
  /** Where every AWS key goes that is not a sample's; absent: the real cloud. */
  readonly awsEndpoint: string | undefined;
  readonly print: (text: string) => void;
  /** Whether `print` may draw over the last line. */
  readonly terminal: boolean;
}

const FINAL = ['succeeded', 'partial', 'failed', 'cancelled'];
/** How often progress is looked at, in milliseconds. */
const LOOK_MS = 200;

/** Starts the twin and the sample clouds, connects an account of each, and shows what was found. */
export async function start(options: StartOptions): Promise<{ stop(): Promise<void> }> {
  const { directory, print } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const clouds = await startSampleClouds({ directory: join(directory, 'sample-clouds') });
  const closeClouds = async (): Promise<void> => {
    await Promise.all(clouds.map((cloud) => cloud.close()));
  };
  const settings = settingsOf(clouds);
  const others = options.awsEndpoint === undefined ? [] : [{ url: options.awsEndpoint }];
  const context = { ...settings, awsEndpoints: [...settings.awsEndpoints, ...others] };
  const twin = await startTwin({ directory, port: options.port, fresh: options.fresh, context }).catch(
    async (error: unknown) => {
      await closeClouds();
      throw error;
    },
  );
  const token = await twin.token({});
  const addresses = Object.fromEntries(clouds.map(({ name, url }) => [name, url]));
  const described = { url: twin.apiUrl, token, endpoints: { ...twin.endpoints, clouds: addresses } };
  writeFileSync(join(directory, 'local.json'), `${JSON.stringify(described, null, 2)}\n`, { mode: 0o600 });
  writeSamples(directory, clouds);
  print(`InfraAudit Providers, locally: ${twin.apiUrl}\n`);
  if (options.sample) await showSamples(options, twin, new ApiClient(twin.apiUrl, token), clouds);
  print(guide(twin, token, clouds));
  return {
    async stop() {
      await twin.stop();
      await closeClouds();
    },
  };
}

/** Credentials that nothing has connected yet, for whoever follows the README by hand. */
function writeSamples(directory: string, clouds: readonly SampleCloud[]): void {
  const folder = join(directory, 'samples');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { files } of clouds)
    for (const [name, text] of Object.entries(files ?? {})) writeFileSync(join(folder, name), text, { mode: 0o600 });
}

/** An account of a sample cloud, and the inventory job that is to be followed. */
interface Connected {
  readonly cloud: SampleCloud;
  readonly provider: ShownProvider;
  readonly job: number | undefined;
}

async function showSamples(
  options: StartOptions,
  twin: Twin,
  api: ApiClient,
  clouds: readonly SampleCloud[],
): Promise<void> {
  const connected = await Promise.all(clouds.map((cloud) => connectSample(api, cloud)));
  await follow(options, api, connected);
  await readCosts(twin, api, connected);
  for (const { provider } of connected) {
    const [resources, costs] = await Promise.all([api.resources(provider.id), api.costs(provider.id)]);
    const now = (await api.providers()).find(({ id }) => id === provider.id);
    options.print(`\n${provider.name} (provider ${provider.id})\n${inventoryTable(resources)}\n`);
    if (now !== undefined) options.print(coverageLine(now));
    options.print(costsChart(costs));
  }
  options.print('');
}

/** Connects a sample account, or finds it connected by an earlier start; then its running sync is followed. */
async function connectSample(api: ApiClient, cloud: SampleCloud): Promise<Connected> {
  const name = `Sample ${cloud.title}`;
  const before = (await api.providers()).find((one) => one.name === name);
  if (before !== undefined) {
    return { cloud, provider: before, job: before.status === 'syncing' ? await api.sync(before.id) : undefined };
  }
  const provider = await api.connect(cloud.name, { name, ...cloud.bodies.main });
  return { cloud, provider, job: 1 };
}

/** Shows how far every job is, until all have ended. */
async function follow({ print, terminal }: StartOptions, api: ApiClient, all: readonly Connected[]): Promise<void> {
  const board = new Board(print, terminal);
  const followed = all.flatMap(({ provider, job }) => (job === undefined ? [] : [{ provider, job }]));
  const widest = Math.max(0, ...followed.map(({ provider }) => provider.name.length));
  for (;;) {
    const jobs = await Promise.all(followed.map(({ provider, job }) => api.job(provider.id, job)));
    board.draw(jobs.map((job, n) => progressLine((followed[n]?.provider.name ?? '').padEnd(widest), job)));
    if (jobs.every(({ status }) => FINAL.includes(status))) return;
    await sleep(LOOK_MS);
  }
}

/** The first reading of costs is due behind the first sync; the clock's ticks would come to it a little later. */
async function readCosts(twin: Twin, api: ApiClient, all: readonly Connected[]): Promise<void> {
  const known = await Promise.all(all.map(({ provider }) => api.costs(provider.id)));
  if (known.every(({ source }) => source.outcome !== null)) return;
  await twin.tick();
  await twin.idle();
}

function guide(twin: Twin, token: string, clouds: readonly SampleCloud[]): string {
  const get = (path: string): string => `  curl -s -H "Authorization: Bearer ${token}" "${twin.apiUrl}${path}"`;
  const aws = clouds.find(({ name }) => name === 'aws');
  const body = JSON.stringify({ name: 'Production AWS', ...aws?.bodies.example });
  const files = clouds.flatMap((cloud) => Object.keys(cloud.files ?? {}));
  return [
    `Token (tenant "local", role admin, a day): ${token}`,
    '',
    'Try:',
    get('/'),
    '',
    get('/1/resources?limit=3'),
    '',
    get('/1/coverage?limit=3'),
    '',
    get('/1/costs?group_by=service'),
    '',
    `  curl -s -X POST -H "Authorization: Bearer ${token}" -H "Content-Type: application/json" -d '${body}' ${twin.apiUrl}/aws/connect`,
    '',
    ...(files.length > 0
      ? [`Credentials to connect by hand, as README.md shows: ${files.join(', ')} in .infraaudit/samples/.`, '']
      : []),
    'Ctrl-C ends it; the state stays in .infraaudit/ (npm start -- --fresh begins anew).',
  ].join('\n');
}
