import { startSampleAws } from './aws/sample-aws.ts';
import { startSampleAzure } from './azure/sample-azure.ts';
import { startSampleGcp } from './gcp/sample-gcp.ts';
import { startSampleKubernetes } from './kubernetes/sample-kubernetes.ts';
import type { SampleCloud } from './sample-cloud.ts';

/** How a sample cloud is started. */
export interface SampleOptions {
  /** Where it keeps what must outlive a restart: the keys that its accounts are connected with. */
  readonly directory: string;
}

/** REGISTRY: one line per sample cloud. */
const samples: readonly ((options: SampleOptions) => Promise<SampleCloud>)[] = [
  () => startSampleAws(),
  startSampleAzure,
  () => startSampleGcp(),
  startSampleKubernetes,
];

/** Every sample cloud, started; none is left behind where one fails. */
export async function startSampleClouds(options: SampleOptions): Promise<readonly SampleCloud[]> {
  const started = await Promise.allSettled(samples.map((start) => start(options)));
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed === undefined) return running;
  await Promise.all(running.map((cloud) => cloud.close()));
  throw failed.reason;
}

/** The deployment settings that send every cloud's calls to its sample. */
export const settingsOf = (clouds: readonly SampleCloud[]) => ({
  awsEndpoints: clouds.flatMap(({ settings }) => settings.awsEndpoints ?? []),
  endpoints: clouds.flatMap(({ settings }) => settings.endpoints ?? []),
});
