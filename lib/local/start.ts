import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient, type ShownProvider } from './api-client.ts';
import { EXAMPLE_ACCOUNT, MAIN_ACCOUNT, startSampleAws } from './clouds/aws/sample-aws.ts';
import { coverageLine, inventoryTable, progressLine } from './screen.ts';
import { startTwin, type Twin } from './twin.ts';

/** How the local stack is started by a person. */
export interface StartOptions {
  /** The state directory. */
  readonly directory: string;
  readonly port: number;
  readonly fresh: boolean;
  /** Whether the sample account is connected. */
  readonly sample: boolean;
  /** Where every AWS key goes that is not a sample's; absent: the real cloud. */
  readonly awsEndpoint: string | undefined;
  readonly print: (text: string) => void;
  /** Whether `print` may draw over the last line. */
  readonly terminal: boolean;
}

const SAMPLE_NAME = 'Sample AWS account';
const FINAL = ['succeeded', 'partial', 'failed', 'cancelled'];
/** How often progress is looked at, in milliseconds. */
const LOOK_MS = 200;

/** Starts the twin and the sample clouds, connects the sample account, and shows what was found. */
export async function start(options: StartOptions): Promise<{ stop(): Promise<void> }> {
  const { directory, print } = options;
  const aws = await startSampleAws();
  const others = options.awsEndpoint === undefined ? [] : [{ url: options.awsEndpoint }];
  const samples = { accessKeyIds: aws.accounts.map((account) => account.accessKeyId), url: aws.url };
  const context = { awsEndpoints: [samples, ...others] };
  const twin = await startTwin({ directory, port: options.port, fresh: options.fresh, context }).catch(
    async (error: unknown) => {
      await aws.close();
      throw error;
    },
  );
  const token = await twin.token({});
  const described = { url: twin.apiUrl, token, endpoints: { ...twin.endpoints, clouds: { aws: aws.url } } };
  writeFileSync(join(directory, 'local.json'), `${JSON.stringify(described, null, 2)}\n`, { mode: 0o600 });
  print(`InfraAudit Providers, locally: ${twin.apiUrl}\n`);
  const shown = options.sample ? await showSample(options, new ApiClient(twin.apiUrl, token)) : 1;
  print(guide(twin, token, shown));
  return {
    async stop() {
      await twin.stop();
      await aws.close();
    },
  };
}

/** @returns the sample account's provider id. */
async function showSample(options: StartOptions, api: ApiClient): Promise<number> {
  const { provider, job } = await connectSample(api);
  await follow(options, api, provider, job);
  const resources = await api.resources(provider.id);
  options.print(`\n${inventoryTable(resources)}\n`);
  const now = (await api.providers()).find(({ id }) => id === provider.id);
  if (now !== undefined) options.print(`${coverageLine(now)}\n`);
  return provider.id;
}

/** Connects the sample account, or finds it connected by an earlier start; then its running sync is followed. */
async function connectSample(api: ApiClient): Promise<{ provider: ShownProvider; job: number | undefined }> {
  const before = (await api.providers()).find((one) => one.name === SAMPLE_NAME);
  if (before !== undefined) {
    return { provider: before, job: before.status === 'syncing' ? await api.sync(before.id) : undefined };
  }
  const { accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
  const provider = await api.connect('aws', { name: SAMPLE_NAME, accessKeyId, secretAccessKey, region: 'us-east-1' });
  return { provider, job: 1 };
}

async function follow(
  { print, terminal }: StartOptions,
  api: ApiClient,
  provider: ShownProvider,
  number: number | undefined,
): Promise<void> {
  if (number === undefined) return;
  let shown = '';
  for (;;) {
    const job = await api.job(provider.id, number);
    const line = progressLine(provider.name, job);
    if (line !== shown) print(terminal && shown !== '' ? `\u001b[1A\u001b[2K${line}` : line);
    shown = line;
    if (FINAL.includes(job.status)) return;
    await sleep(LOOK_MS);
  }
}

function guide(twin: Twin, token: string, id: number): string {
  const { accessKeyId, secretAccessKey } = EXAMPLE_ACCOUNT;
  const body = JSON.stringify({ name: 'Production AWS', accessKeyId, secretAccessKey, region: 'us-east-1' });
  return [
    `Token (tenant "local", role admin, a day): ${token}`,
    '',
    'Try:',
    `  curl -s -H "Authorization: Bearer ${token}" ${twin.apiUrl}`,
    '',
    `  curl -s -H "Authorization: Bearer ${token}" "${twin.apiUrl}/${id}/resources?type=s3_bucket&limit=3"`,
    '',
    `  curl -s -H "Authorization: Bearer ${token}" "${twin.apiUrl}/${id}/coverage?limit=3"`,
    '',
    `  curl -s -X POST -H "Authorization: Bearer ${token}" -H "Content-Type: application/json" -d '${body}' ${twin.apiUrl}/aws/connect`,
    '',
    'Ctrl-C ends it; the state stays in .infraaudit/ (npm start -- --fresh begins anew).',
  ].join('\n');
}
